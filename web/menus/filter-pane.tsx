import type { ReactNode } from 'react';
import type { FilterDraft } from './filter-draft.ts';

/** The input for filters other than lists of values: part of a text, a regular expression, CIDR blocks, a range, or time ranges. */
export function FilterPane(props: {
  readonly draft: FilterDraft;
  readonly change: (part: Partial<FilterDraft>) => void;
  readonly submit: () => void;
}): ReactNode {
  return (
    <div className="filter-pane">
      <Fields {...props} />
    </div>
  );
}

function Fields({ draft, change, submit }: Parameters<typeof FilterPane>[0]): ReactNode {
  switch (draft.mode) {
    case 'contains':
      return (
        <input
          className="input"
          placeholder="Text to find"
          aria-label="Text to find"
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
              submit();
            }}
          />
          <div className="filter-quick">
            {(['internal', 'external'] as const).map((side) => (
              <button
                key={side}
                type="button"
                className="link hint"
                title={side === 'internal' ? 'Your own addresses' : 'All other addresses'}
                onClick={() => change({ blocks: side })}
              >
                {side === 'internal' ? 'Internal' : 'External'}
              </button>
            ))}
          </div>
        </>
      );
    case 'ranges':
      return (
        <textarea
          className="input"
          rows={5}
          placeholder={'2018-06-18 08:00 to 2018-06-18 12:00\n2018-06-20'}
          aria-label="Ranges of time"
          autoFocus
          data-focus-first=""
          spellCheck={false}
          value={draft.ranges}
          onChange={(event) => change({ ranges: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            submit();
          }}
        />
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
            value={draft.low}
            onChange={(event) => change({ low: event.target.value })}
          />
          <span className="soft">to</span>
          <input
            className="input"
            placeholder="to"
            aria-label="To"
            value={draft.high}
            onChange={(event) => change({ high: event.target.value })}
          />
        </div>
      );
    case 'values':
      return null;
  }
}
