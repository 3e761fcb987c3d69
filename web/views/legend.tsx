import type { MouseEvent, ReactNode } from 'react';
import type { ChartLine } from '../charts/chart-line.ts';
import { useSelection } from '../data/explorer-context.ts';
import { type ChartSpec, stepsOf } from '../../src/view/chart-layout/chart-query.ts';

/**
 * Which colour is what. Where lines can be hidden, a click hides one or brings it back and a right click offers
 * what can be done with it; elsewhere a click offers that.
 */
export function Legend(props: {
  readonly spec: ChartSpec;
  readonly lines: readonly Pick<ChartLine, 'key' | 'path' | 'name' | 'colour'>[];
  readonly hiding?: {
    readonly hidden: ReadonlySet<string>;
    readonly onChange: (hidden: ReadonlySet<string>) => void;
  };
}): ReactNode {
  const { selection, select } = useSelection();
  const { spec, lines, hiding } = props;
  const toggle = (key: string, alone: boolean): void => {
    if (hiding === undefined) return;
    const others = lines.flatMap((line) => (line.key === key ? [] : line.key));
    if (alone) {
      const already = others.every((each) => hiding.hidden.has(each)) && !hiding.hidden.has(key);
      hiding.onChange(new Set(already ? [] : others));
      return;
    }
    const next = new Set(hiding.hidden);
    if (!next.delete(key)) next.add(key);
    hiding.onChange(next);
  };
  const anyHidden = hiding !== undefined && lines.some((line) => hiding.hidden.has(line.key));
  return (
    <div className="legend" role="group" aria-label="Legend">
      {lines.map(({ key, path, name, colour }) => {
        const hidden = hiding?.hidden.has(key) === true;
        const content = (
          <>
            <span className="swatch" style={{ '--tone': colour }} />
            <span className="ellipsis">{name}</span>
          </>
        );
        if (path === null && hiding === undefined) {
          return (
            <span key={key} className="legend-item soft">
              {content}
            </span>
          );
        }
        const choose = (event: MouseEvent): void => {
          event.preventDefault();
          if (path === null) return;
          const { left, top, bottom } = event.currentTarget.getBoundingClientRect();
          select({
            key: `legend ${key}`,
            steps: stepsOf(spec, path),
            anchor: { x: left + 40, top, bottom },
            byKey: event.detail === 0,
          });
        };
        return (
          <button
            key={key}
            type="button"
            data-selectable=""
            aria-pressed={hiding === undefined ? undefined : !hidden}
            className={`legend-item${selection?.key === `legend ${key}` ? ' legend-chosen' : ''}${hidden ? ' legend-hidden' : ''}${path === null ? ' soft' : ''}`}
            title={
              hiding === undefined
                ? undefined
                : `${hidden ? 'Click to show' : 'Click to hide'}, with Shift to show it alone${path === null ? '' : '; right-click for more'}`
            }
            onClick={hiding === undefined ? choose : (event) => toggle(key, event.shiftKey)}
            onContextMenu={choose}
          >
            {content}
          </button>
        );
      })}
      {anyHidden && (
        <button type="button" className="legend-item link" onClick={() => hiding.onChange(new Set())}>
          Show all
        </button>
      )}
    </div>
  );
}
