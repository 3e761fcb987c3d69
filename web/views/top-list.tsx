import { type MouseEvent, type ReactNode, useRef, useState } from 'react';
import { useIsVisible } from '../charts/use-is-visible.ts';
import { type Selection, useExplorer, useSelection } from '../data/explorer-context.ts';
import { problemWords } from '../data/problem-words.ts';
import { useTopValues } from '../data/use-values.ts';
import { formatAmount, formatChange, formatShare, toNumber } from '../../src/view/format/numbers.ts';
import { useDrag } from '../gestures/use-drag.ts';
import { crossIcon, searchIcon } from '../parts/icons.tsx';
import { ValueText } from '../parts/value-text.tsx';
import { comparableOf, isComparable } from '../../src/view/chart-layout/comparable.ts';
import { isAdditive } from '../../src/view/chart-layout/lines.ts';
import { toneOf, toneOfPath } from '../../src/view/chart-layout/tone.ts';
import { pickValue, pickedValues, withoutPicked } from '../state/pinboard-selection.ts';
import { shiftOf } from '../../src/view/comparison.ts';
import { splitOnly } from '../../src/view/splits.ts';
import './top-list.css';
import { SmallProblem } from '../parts/small-problem.tsx';

/**
 * The top values of a dimension. A click keeps only that value (once more: all again; with Ctrl or ⌘ it
 * joins the others), a right click offers the rest. `onRemove`: it is pinned and can be unpinned, moved and searched.
 */
export function TopList(props: {
  readonly field: string;
  readonly limit: number;
  /** False: it is what is looked at, such as a tile; else it stands beside a chart, and asks when that is there. */
  readonly aside?: boolean;
  readonly onRemove?: () => void;
}): ReactNode {
  const { view, schema, go, askable, range } = useExplorer();
  const { selection, select } = useSelection();
  const { field } = props;
  const [text, setText] = useState<string | null>(null);
  const element = useRef<HTMLElement>(null);
  const inSight = useIsVisible(element);
  const dimension = schema.dimension(field);
  const away = useDrag(element, props.onRemove ? { kind: 'pin', field } : null, dimension.label);
  const measure = view.measures[0] ?? 'flows';
  const { unit, label } = schema.measure(measure);
  const shift = shiftOf(view);
  const comparable = shift === null ? 'all' : comparableOf(range, shift, view.timezone, schema.coverage);
  const picked = pickedValues(view, field);
  const top = useTopValues(picked.length === 0 ? view : withoutPicked(view, field), field, {
    limit: props.limit,
    revision: schema.revision,
    aside: props.aside ?? true,
    compares: true,
    held: !askable || !inSight,
    ...(text !== null && text.trim() !== '' ? { containing: text.trim() } : {}),
  });
  const total = isAdditive(measure) && !text?.trim() ? toNumber(top.total) : null;
  const most = Math.max(...(top.values ?? []).map((each) => toNumber(each.amount) ?? 0), 0);
  const whole = unit === 'share' ? 1 : total !== null && total > 0 ? total : most;
  const choose = (event: MouseEvent, value: Selection['steps'][number]['value'], key: string): void => {
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    select({
      key,
      steps: [{ field, bucket: null, value }],
      anchor: { x: box.left + 40, top: box.top, bottom: box.bottom },
      byKey: event.detail === 0 && event.button !== 2,
    });
  };
  return (
    <section
      ref={element}
      className={`top-list${away ? ' dragging' : ''}${top.stale ? ' top-stale' : ''}`}
      // A tile has a name of its own.
      aria-label={props.aside === false ? undefined : dimension.label}
      data-place={props.onRemove ? '' : undefined}
    >
      <h3>
        <button
          type="button"
          title={`Split by ${dimension.label}`}
          onClick={() => go(splitOnly(view, field))}
        >
          {dimension.label}
        </button>
        <span>{total === null ? label.toLowerCase() : `share of ${label.toLowerCase()}`}</span>
        {props.onRemove && (
          <span className="top-tools">
            <button
              type="button"
              className="top-tool"
              aria-label={`Search in ${dimension.label}`}
              aria-pressed={text !== null}
              onClick={() => setText(text === null ? '' : null)}
            >
              {searchIcon}
            </button>
            <button
              type="button"
              className="top-tool"
              aria-label={`Unpin ${dimension.label}`}
              onClick={props.onRemove}
            >
              {crossIcon}
            </button>
          </span>
        )}
      </h3>
      {text !== null && (
        <input
          className="input top-search"
          type="search"
          autoFocus
          placeholder="Find"
          aria-label={`Find in ${dimension.label}`}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && setText(null)}
        />
      )}
      {top.values?.map(({ value, amount, before }) => {
        const changed = shift !== null && before !== null && isComparable(comparable, unit);
        const number = toNumber(amount);
        const key = `${field} ${JSON.stringify(value)}`;
        const chosen = picked.includes(value);
        return (
          <button
            key={key}
            type="button"
            data-selectable=""
            aria-pressed={chosen}
            className={`top-item tone-${toneOfPath([field], [value], toneOf(view, measure))}${chosen ? ' top-chosen' : ''}${selection?.key === key ? ' top-selected' : ''}`}
            style={{
              '--share': String(number === null || whole <= 0 ? 0 : Math.max(0, Math.min(1, number / whole))),
            }}
            title={`${formatAmount(amount, unit)}${changed ? `, ${formatAmount(before, unit)} before` : ''}. ${chosen ? 'Click to remove the filter' : 'Click to filter'}.`}
            onClick={(event) => go(pickValue(view, field, value, event.ctrlKey || event.metaKey))}
            onContextMenu={(event) => choose(event, value, key)}
          >
            <span className="ellipsis">
              <ValueText field={field} type={dimension.type} value={value} />
            </span>
            {changed && <span className="top-change soft">{formatChange(amount, before)}</span>}
            <span className="top-amount">
              {number !== null && total !== null && total > 0
                ? formatShare(number / total)
                : formatAmount(amount, unit)}
            </span>
          </button>
        );
      })}
      {top.values === null && top.error === null && <p className="hint hint-late">Counting …</p>}
      {top.error !== null &&
        (props.aside === false ? (
          <SmallProblem error={top.error} />
        ) : (
          <p className="hint hint-bad">{problemWords(top.error)}</p>
        ))}
      {top.values?.length === 0 && <p className="hint">none</p>}
    </section>
  );
}
