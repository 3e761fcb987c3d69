import type { ReactNode } from 'react';
import './controls.css';

export interface Segment<Value> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

/** A choice among a few options, all visible. */
export function Segments<Value extends string | number | null>(props: {
  readonly label: string;
  readonly segments: readonly Segment<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly small?: boolean;
}): ReactNode {
  return (
    <div
      className={`segments${props.small ? ' segments-small' : ''}`}
      role="radiogroup"
      aria-label={props.label}
    >
      {props.segments.map((segment) => (
        <button
          key={String(segment.value)}
          type="button"
          role="radio"
          className="segment"
          aria-checked={segment.value === props.value}
          title={segment.hint}
          onClick={() => props.onChange(segment.value)}
        >
          {segment.label}
        </button>
      ))}
    </div>
  );
}
