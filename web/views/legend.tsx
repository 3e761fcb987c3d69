import { type MouseEvent, type ReactNode, useId } from 'react';
import type { ChartLine } from '../charts/chart-line.ts';
import { useSelection } from '../data/explorer-context.ts';
import { type ChartSpec, stepsOf } from '../../src/view/chart-layout/chart-query.ts';
import { LegendSwatch } from './legend-swatch.tsx';
import './legend.css';

/** What a legend names: a line, a band, or a part of bars. `path` null: what a limit cut, which no filter can name. */
type LegendEntry = Pick<ChartLine, 'key' | 'path' | 'name' | 'colour'>;

/**
 * Which colour is what. A click on a name chooses it like any other mark: it offers what can be done with it, or filters a
 * dashboard. Where lines can be hidden, a click on a swatch does that, and Shift with a click shows one alone.
 */
export function Legend(props: {
  readonly spec: ChartSpec;
  readonly lines: readonly LegendEntry[];
  readonly hiding?: {
    readonly hidden: ReadonlySet<string>;
    readonly onChange: (hidden: ReadonlySet<string>) => void;
  };
}): ReactNode {
  const { spec, lines, hiding } = props;
  const id = useId();
  const alone = (key: string): void => {
    if (hiding === undefined) return;
    const others = lines.flatMap((line) => (line.key === key ? [] : line.key));
    const already = others.every((each) => hiding.hidden.has(each)) && !hiding.hidden.has(key);
    hiding.onChange(new Set(already ? [] : others));
  };
  const toggle = (key: string): void => {
    if (hiding === undefined) return;
    const next = new Set(hiding.hidden);
    if (!next.delete(key)) next.add(key);
    hiding.onChange(next);
  };
  const anyHidden = hiding !== undefined && lines.some((line) => hiding.hidden.has(line.key));
  return (
    <div className="legend" role="group" aria-label="Legend">
      {lines.map((line, at) => {
        const { key, colour } = line;
        const hidden = hiding?.hidden.has(key) === true;
        const nameId = `${id}${at}`;
        return (
          <span key={key} className={`legend-item${hidden ? ' legend-hidden' : ''}`}>
            <LegendSwatch
              colour={colour}
              nameId={nameId}
              {...(hiding === undefined
                ? {}
                : { hidden, onToggle: (withShift: boolean) => (withShift ? alone(key) : toggle(key)) })}
            />
            <LegendName
              spec={spec}
              line={line}
              id={nameId}
              {...(hiding === undefined ? {} : { onAlone: () => alone(key) })}
            />
          </span>
        );
      })}
      {anyHidden && (
        <button type="button" className="legend-all link" onClick={() => hiding.onChange(new Set())}>
          Show all
        </button>
      )}
    </div>
  );
}

/** The name of what a colour stands for; a button, unless it names what a limit cut. */
export function LegendName(props: {
  readonly spec: ChartSpec;
  readonly line: LegendEntry;
  readonly id?: string;
  readonly onAlone?: () => void;
}): ReactNode {
  const { selection, select } = useSelection();
  const { spec, id, onAlone } = props;
  const { key, path, name } = props.line;
  if (path === null) {
    return (
      <span id={id} className="legend-name soft ellipsis">
        {name}
      </span>
    );
  }
  const choose = (event: MouseEvent): void => {
    event.preventDefault();
    if (event.shiftKey && event.type === 'click' && onAlone !== undefined) {
      onAlone();
      return;
    }
    const { left, top, bottom } = event.currentTarget.getBoundingClientRect();
    select({
      key: `legend ${key}`,
      steps: stepsOf(spec, path),
      anchor: { x: left + 30, top, bottom },
      byKey: event.detail === 0 && event.button !== 2,
    });
  };
  const chosen = selection?.key === `legend ${key}`;
  return (
    <button
      id={id}
      type="button"
      data-selectable=""
      className={`legend-name ellipsis${chosen ? ' legend-chosen' : ''}`}
      title={onAlone === undefined ? undefined : 'Shift+click shows it alone'}
      onClick={choose}
      onContextMenu={choose}
    >
      {name}
    </button>
  );
}
