import type { ReactNode } from 'react';
import type { Panel, Panels, Side } from '../parts/panels.ts';
import { Resizer } from '../parts/resizer.tsx';

/** The middle of the page between its two side panels. */
export function Frame(props: {
  readonly panels: Panels;
  readonly onPanel: (side: Side, part: Partial<Panel>) => void;
  readonly left: ReactNode;
  readonly right: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const { panels, onPanel } = props;
  const columns = [
    ...(panels.left.open ? [`${panels.left.width}px`] : []),
    'minmax(0, 1fr)',
    ...(panels.right.open ? [`${panels.right.width}px`] : []),
  ].join(' ');
  return (
    <div className="main" style={{ '--columns': columns }}>
      {panels.left.open && (
        <div className="panel-side panel-left">
          {props.left}
          <Resizer
            side="left"
            label="Resize dimensions panel"
            width={panels.left.width}
            onWidth={(width) => onPanel('left', { width })}
          />
        </div>
      )}
      {props.children}
      {(panels.left.open || panels.right.open) && (
        <button
          type="button"
          className="scrim"
          aria-label="Close panel"
          onClick={() => onPanel(panels.left.open ? 'left' : 'right', { open: false })}
        />
      )}
      {panels.right.open && (
        <div className="panel-side panel-right">
          <Resizer
            side="right"
            label="Resize pinboard"
            width={panels.right.width}
            onWidth={(width) => onPanel('right', { width })}
          />
          {props.right}
        </div>
      )}
    </div>
  );
}
