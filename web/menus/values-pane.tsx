import type { ClipboardEvent, KeyboardEvent, ReactNode } from 'react';
import type { Scalar } from '../../src/model/query/query.ts';
import { useExplorer } from '../data/explorer-context.ts';
import type { Matches } from '../data/use-matches.ts';
import { formatAmount } from '../../src/view/format/numbers.ts';
import { problemWords } from '../data/problem-words.ts';
import { ValueText } from '../parts/value-text.tsx';
import type { About } from '../understand/meaning.ts';
import type { FilterDraft } from './filter-draft.ts';
import { type ValueOption, cellOf, keyOf } from './value-options.ts';

/** How many values are queried. */
export const LIMIT = 100;

/** Selects values: the top ones under the other filters, search results, typed or pasted ones. */
export function ValuesPane(props: {
  readonly about: About;
  readonly draft: FilterDraft;
  readonly options: readonly ValueOption[];
  readonly matches: Matches;
  /** The unit of the amounts beside the values. */
  readonly unit: string;
  /** The option that Enter takes; -1: what is typed. */
  readonly active: number;
  readonly onActive: (at: number) => void;
  readonly onChange: (part: Partial<FilterDraft>) => void;
}): ReactNode {
  const { about, draft, options, matches, active } = props;
  const { field, type } = about;
  const chosen = new Set(draft.values.map(keyOf));
  const toggle = (value: Scalar): void => {
    const values = chosen.has(keyOf(value))
      ? draft.values.filter((each) => keyOf(each) !== keyOf(value))
      : [...draft.values, value];
    // The text was only a search.
    props.onChange({ values, searching: true });
    props.onActive(-1);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const option = options[active];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp')
      props.onActive(
        Math.max(-1, Math.min(options.length - 1, active + (event.key === 'ArrowDown' ? 1 : -1))),
      );
    else if (event.key === ' ' && draft.typed === '' && option !== undefined) toggle(option.value);
    else return;
    event.preventDefault();
  };
  const onPaste = (event: ClipboardEvent<HTMLInputElement>): void => {
    const text = event.clipboardData.getData('text');
    const lines = text.split(/[\r\n]+/).flatMap((line) => (line.trim() === '' ? [] : line.trim()));
    if (lines.length < 2) return;
    event.preventDefault();
    // A whole line is one value, even with commas.
    if (type === 'text') props.onChange({ values: [...new Set([...draft.values, ...lines])], typed: '' });
    else props.onChange({ typed: lines.join(', '), searching: false });
  };
  const { label } = useExplorer().schema.dimension(field);
  return (
    <div className="values">
      <div className="filter-pane">
        <input
          className="input"
          data-focus-first=""
          placeholder="Find, type or paste values"
          aria-label="Find, type or paste values"
          spellCheck={false}
          value={draft.typed}
          onChange={(event) => props.onChange({ typed: event.target.value, searching: false })}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
      </div>
      {type !== 'counter' && (
        <div className="values-list" role="listbox" aria-multiselectable="true" aria-label="Values">
          {options.map((option, index) => (
            <div
              key={keyOf(option.value)}
              role="option"
              aria-selected={chosen.has(keyOf(option.value))}
              className={`value${index === active ? ' value-active' : ''}`}
              onClick={() => toggle(option.value)}
            >
              <span className="value-box" />
              <span className="ellipsis grow">
                <ValueText field={field} type={type} value={cellOf(option.value)} />
              </span>
              <span className="value-amount">
                {option.amount === null ? '' : formatAmount(option.amount, props.unit)}
              </span>
            </div>
          ))}
          {type === 'text' && draft.typed.trim() !== '' && options.length > 1 && (
            <button
              type="button"
              className="value value-all"
              onClick={() => props.onChange({ mode: 'contains', text: draft.typed.trim() })}
            >
              All whose {label.toLowerCase()} contains “{draft.typed.trim()}”
            </button>
          )}
          {matches.error !== null && (
            <p className="values-note hint hint-bad">{problemWords(matches.error)}</p>
          )}
          {matches.error === null && !matches.waiting && options.length === 0 && (
            <p className="values-note hint">No such value in this view.</p>
          )}
        </div>
      )}
      {matches.found !== null && matches.found > LIMIT && options.length >= LIMIT && (
        <p className="values-note hint">The first {LIMIT}; search for others.</p>
      )}
    </div>
  );
}
