import { type ReactNode, useState } from 'react';
import type { Clause } from '../../src/model/query/query.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { Segments } from '../parts/segments.tsx';
import type { View } from '../state/view.ts';
import { type FilterDraft, type FilterMode, clauseOfDraft, draftOf, modesOf } from './filter-draft.ts';
import { ValuesPane } from './values-pane.tsx';
import './filter-menu.css';

const modeNames: Readonly<Record<FilterMode, string>> = {
  values: 'Values',
  contains: 'Contains',
  matches: 'Regex',
  cidr: 'CIDR',
  between: 'Range',
};

const privateBlocks = '10.0.0.0/8\n172.16.0.0/12\n192.168.0.0/16\nfc00::/7';

/** Makes or changes a filter: nothing applies until Apply or Enter; Escape leaves things as they were. */
export function FilterMenu(props: {
  readonly field: string;
  /** The filter to change; null: a new one. */
  readonly clause: Clause | null;
  /** The view without that filter. */
  readonly view: View;
  readonly onApply: (clause: Clause) => void;
  readonly onCancel: () => void;
}): ReactNode {
  const { schema } = useExplorer();
  const { type } = schema.dimension(props.field);
  const [draft, setDraft] = useState(() => draftOf(props.clause));
  const change = (part: Partial<FilterDraft>): void => setDraft({ ...draft, ...part });
  const clause = clauseOfDraft(draft, props.field);
  const apply = (final: FilterDraft): void => {
    const made = clauseOfDraft(final, props.field);
    if (typeof made !== 'string') props.onApply(made);
  };
  const modes = modesOf(type);

  return (
    <form
      className="filter-menu"
      onSubmit={(event) => {
        event.preventDefault();
        apply(draft);
      }}
    >
      {modes.length > 1 && (
        <div className="filter-modes">
          <Segments
            small
            label="Filter by"
            value={draft.mode}
            onChange={(mode) => change({ mode })}
            segments={modes.map((mode) => ({ value: mode, label: modeNames[mode] }))}
          />
        </div>
      )}
      {draft.mode === 'values' ? (
        <ValuesPane
          field={props.field}
          type={type}
          view={props.view}
          values={draft.values}
          onChange={(values) => change({ values })}
          onApply={(values) => apply({ ...draft, values })}
        />
      ) : (
        <div className="filter-pane">
          <Pane draft={draft} change={change} submit={() => apply(draft)} />
          <p className="hint">{typeof clause === 'string' ? clause : '\u00a0'}</p>
        </div>
      )}
      <div className="popup-foot">
        <Segments
          small
          label="Include or exclude"
          value={draft.not ? 'not' : 'is'}
          onChange={(value) => change({ not: value === 'not' })}
          segments={[
            { value: 'is', label: 'Include' },
            { value: 'not', label: 'Exclude' },
          ]}
        />
        <span className="grow" />
        <button type="button" className="button" onClick={props.onCancel}>
          Cancel
        </button>
        <button type="submit" className="button button-main" disabled={typeof clause === 'string'}>
          Apply
        </button>
      </div>
    </form>
  );
}

function Pane(props: {
  readonly draft: FilterDraft;
  readonly change: (part: Partial<FilterDraft>) => void;
  readonly submit: () => void;
}): ReactNode {
  const { draft, change } = props;
  switch (draft.mode) {
    case 'contains':
      return (
        <input
          className="input"
          placeholder="Part of the text"
          aria-label="Part of the text"
          autoFocus
          data-focus-first=""
          value={draft.text}
          onChange={(event) => change({ text: event.target.value })}
        />
      );
    case 'matches':
      return (
        <input
          className="input mono"
          placeholder="^web-[0-9]+$"
          aria-label="Regular expression"
          autoFocus
          data-focus-first=""
          spellCheck={false}
          value={draft.pattern}
          onChange={(event) => change({ pattern: event.target.value })}
        />
      );
    case 'cidr':
      return (
        <>
          <textarea
            className="input mono"
            rows={5}
            placeholder={'10.0.0.0/8\n2001:db8::/32'}
            aria-label="CIDR blocks"
            autoFocus
            data-focus-first=""
            spellCheck={false}
            value={draft.blocks}
            onChange={(event) => change({ blocks: event.target.value })}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey) return;
              event.preventDefault();
              props.submit();
            }}
          />
          <div className="filter-quick">
            <button
              type="button"
              className="link hint"
              title="Private networks: RFC 1918 and unique local IPv6"
              onClick={() => change({ blocks: privateBlocks, not: false })}
            >
              Internal
            </button>
            <button
              type="button"
              className="link hint"
              title="Everything but private networks"
              onClick={() => change({ blocks: privateBlocks, not: true })}
            >
              External
            </button>
          </div>
        </>
      );
    case 'between':
      return (
        <div className="filter-range">
          <input
            className="input"
            placeholder="from"
            aria-label="From"
            autoFocus
            data-focus-first=""
            inputMode="numeric"
            value={draft.low}
            onChange={(event) => change({ low: event.target.value })}
          />
          <span className="soft">to</span>
          <input
            className="input"
            placeholder="to"
            aria-label="To"
            inputMode="numeric"
            value={draft.high}
            onChange={(event) => change({ high: event.target.value })}
          />
        </div>
      );
    case 'values':
      return null;
  }
}
