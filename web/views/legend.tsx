import type { MouseEvent, ReactNode } from 'react';
import type { ChartLine } from '../charts/chart-line.ts';
import { useSelection } from '../data/explorer-context.ts';
import { type Asked, stepsOf } from '../picture/asked.ts';

/** Which colour is what; a click offers what can be done with it. */
export function Legend(props: {
  readonly asked: Asked;
  readonly lines: readonly Pick<ChartLine, 'key' | 'path' | 'name' | 'colour'>[];
}): ReactNode {
  const { selection, select } = useSelection();
  return (
    <div className="legend">
      {props.lines.map(({ key, path, name, colour }) => {
        const content = (
          <>
            <span className="swatch" style={{ '--tone': colour }} />
            <span className="ellipsis">{name}</span>
          </>
        );
        if (path === null) {
          return (
            <span key={key} className="legend-item soft">
              {content}
            </span>
          );
        }
        const choose = (event: MouseEvent): void => {
          event.preventDefault();
          const { left, top, bottom } = event.currentTarget.getBoundingClientRect();
          const anchor = { x: left + 40, top, bottom };
          select({
            key: `legend ${key}`,
            steps: stepsOf(props.asked, path),
            anchor,
            byKey: event.detail === 0,
          });
        };
        return (
          <button
            key={key}
            type="button"
            data-selectable=""
            className={`legend-item${selection?.key === `legend ${key}` ? ' legend-chosen' : ''}`}
            onClick={choose}
            onContextMenu={choose}
          >
            {content}
          </button>
        );
      })}
    </div>
  );
}
