import type { ReactNode } from 'react';
import { crossIcon } from './icons.tsx';
import { Popup } from './popup.tsx';
import './pill.css';

/** A part of the question as a pill: a click opens its menu, the cross takes it away. */
export function Pill(props: {
  readonly kind: 'time' | 'filter' | 'split' | 'measure';
  /** What it is, for those who don't see it. */
  readonly label: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onRemove?: (() => void) | undefined;
  readonly width: number;
  readonly align?: 'start' | 'end';
  readonly text: ReactNode;
  /** The menu. */
  readonly children: ReactNode;
}): ReactNode {
  return (
    <span className={`pill pill-${props.kind}${props.onRemove ? ' pill-removable' : ''}`}>
      <Popup
        open={props.open}
        onOpenChange={props.onOpenChange}
        label={props.label}
        width={props.width}
        align={props.align ?? 'start'}
        trigger={
          <button type="button" className="pill-main" title={props.label}>
            {props.text}
          </button>
        }
      >
        {props.children}
      </Popup>
      {props.onRemove && (
        <button
          type="button"
          className="pill-x"
          aria-label={`Remove ${props.label}`}
          onClick={props.onRemove}
        >
          {crossIcon}
        </button>
      )}
    </span>
  );
}
