import { type ClipboardEvent, type KeyboardEvent, type ReactNode, useState } from 'react';
import type { Scalar } from '../../src/model/query/query.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { useTopValues } from '../data/use-values.ts';
import { counted, formatAmount } from '../format/numbers.ts';
import { valuesNamed, valueText } from '../format/names.ts';
import { ValueText } from '../parts/value-text.tsx';
import type { View } from '../state/view.ts';
import { readValues, typedValue } from './filter-draft.ts';

const LIMIT = 100;

interface Option {
  readonly value: Scalar;
  readonly amount: string;
  readonly typed: boolean;
}

/** Chooses values: the top ones under the other filters, found, typed or pasted ones. */
export function ValuesPane(props: {
  readonly field: string;
  readonly type: string;
  /** The view without the filter that is being made. */
  readonly view: View;
  readonly values: readonly Scalar[];
  readonly onChange: (values: readonly Scalar[]) => void;
  readonly onApply: (values: readonly Scalar[]) => void;
}): ReactNode {
  const { schema } = useExplorer();
  const [text, setText] = useState('');
  const [at, setAt] = useState(-1);
  const [first] = useState(props.values);
  // Numbers are searched by their digits; their names are known here.
  const numeric = props.type !== 'text' && props.type !== 'address';
  const searchable = !numeric || /^\d+$/.test(text.trim());
  const top = useTopValues(props.view, props.field, {
    limit: LIMIT,
    revision: schema.revision,
    ...(searchable && props.field !== 'action' && text.trim() !== '' ? { containing: text.trim() } : {}),
  });
  const unit = schema.measure(props.view.measures[0] ?? 'flows').unit;
  const options = optionsOf(props, text, first, top.values ?? [], (value) => formatAmount(value, unit));
  const active = text.trim() === '' ? at : Math.max(0, Math.min(at, options.length - 1));
  const chosen = new Set(props.values.map(keyOf));

  const toggled = (value: Scalar): readonly Scalar[] =>
    chosen.has(keyOf(value))
      ? props.values.filter((each) => keyOf(each) !== keyOf(value))
      : [...props.values, value];
  const withAll = (more: readonly Scalar[]): readonly Scalar[] => [
    ...props.values,
    ...more.filter((value) => !chosen.has(keyOf(value))),
  ];
  const written = readValues(text, props.field, props.type);
  const isList = written.values.length + written.unread.length > 1;
  const takeList = (): void => {
    props.onChange(withAll(written.values));
    setText('');
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt(Math.max(-1, Math.min(options.length - 1, active + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === ' ' && text === '' && options[active] !== undefined) {
      event.preventDefault();
      props.onChange(toggled(options[active].value));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const option = options[active];
      if (isList) {
        // What can't be read is to be seen before anything applies.
        if (written.unread.length === 0) props.onApply(withAll(written.values));
        return;
      }
      const values = option === undefined ? props.values : withAll([option.value]);
      props.onApply(text === '' && props.values.length > 0 ? props.values : values);
    }
  };
  const onPaste = (event: ClipboardEvent): void => {
    const pasted = readValues(event.clipboardData.getData('text'), props.field, props.type);
    if (pasted.values.length < 2 || pasted.unread.length > 0) return;
    event.preventDefault();
    props.onChange(withAll(pasted.values));
    setText('');
  };

  return (
    <div className="values">
      <div className="filter-pane">
        <input
          className="input"
          data-focus-first=""
          placeholder="Find, type or paste values"
          title={numeric ? 'Numbers, ranges and lists: 22, 80, 8000-8100' : 'A list may be pasted or typed'}
          aria-label="Find, type or paste values"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(-1);
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
      </div>
      {isList && (
        <div className="values-take">
          {written.unread.length > 0 && (
            <p className="hint hint-bad">
              Not understood: {written.unread.slice(0, 5).join(', ')}
              {written.unread.length > 5 && ` and ${written.unread.length - 5} more`}
            </p>
          )}
          <button type="button" className="button" disabled={written.values.length === 0} onClick={takeList}>
            Take {counted(written.values.length, 'value')}
          </button>
        </div>
      )}
      <div className="values-list" role="listbox" aria-multiselectable="true" aria-label="Values">
        {options.map((option, index) => (
          <div
            key={`${option.typed} ${keyOf(option.value)}`}
            role="option"
            aria-selected={chosen.has(keyOf(option.value))}
            className={`value${index === active ? ' value-active' : ''}`}
            onMouseMove={() => index !== at && setAt(index)}
            onClick={() => {
              props.onChange(toggled(option.value));
              if (option.typed) setText('');
            }}
          >
            <span className="value-box" />
            <span className="ellipsis grow">
              <ValueText field={props.field} type={props.type} value={cellOf(option.value)} />
            </span>
            <span className="value-amount">{option.amount}</span>
          </div>
        ))}
        {top.error !== null && <p className="values-note hint hint-bad">{top.error.message}</p>}
        {top.values !== null && options.length === 0 && !isList && (
          <p className="values-note hint">No such value in this time.</p>
        )}
      </div>
      {top.more && options.length >= LIMIT && (
        <p className="values-note hint">The first {LIMIT}; search for others.</p>
      )}
    </div>
  );
}

/** Chosen ones first (as they were when the menu opened), then the top ones, then what was typed. */
function optionsOf(
  props: { readonly field: string; readonly type: string; readonly values: readonly Scalar[] },
  text: string,
  first: readonly Scalar[],
  top: readonly { readonly value: Scalar; readonly amount: string | number | boolean | null }[],
  format: (value: string | number | boolean | null) => string,
): readonly Option[] {
  const amounts = new Map(top.map((each) => [keyOf(each.value), format(each.amount)]));
  const pasted = props.values.filter((value) => !amounts.has(keyOf(value)));
  const named = text.trim() === '' ? [] : valuesNamed(props.field, text.trim());
  // Flows without a value are always on offer: the first hundred may not show them.
  const all = [...first, ...pasted, ...top.map((each) => each.value), ...named, null];
  const wanted = text.trim().toLowerCase();
  const seen = new Set<string>();
  const shown = all.filter((value) => {
    const key = keyOf(value);
    const typeMatches =
      named.includes(Number(value)) ||
      `${valueText(props.field, cellOf(value))} ${String(value)}`.toLowerCase().includes(wanted);
    if (seen.has(key) || !typeMatches) return false;
    seen.add(key);
    return true;
  });
  const options = shown
    .slice(0, 300)
    .map((value) => ({ value, amount: amounts.get(keyOf(value)) ?? '', typed: false }));
  const typed = typedValue(text, props.type);
  if (typed === undefined) return options;
  const exact = options.find((option) => String(option.value).toLowerCase() === String(typed).toLowerCase());
  // What was typed in full comes first, so that Enter means it.
  if (exact !== undefined) return [exact, ...options.filter((option) => option !== exact)];
  return [...options, { value: typed, amount: 'as typed', typed: true }];
}

function keyOf(value: Scalar): string {
  return `${typeof value} ${String(value)}`;
}

function cellOf(value: Scalar): string | number | boolean | null {
  return typeof value === 'bigint' ? String(value) : value;
}
