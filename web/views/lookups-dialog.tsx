import { type ReactNode, useId, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { lookups } from '../data/lookup-storage.ts';
import { Dialog } from '../parts/dialog.tsx';
import { crossIcon, plusIcon } from '../parts/icons.tsx';
import { type Lookup, faultOf, defaultLookups } from '../state/lookups.ts';
import './lookups-dialog.css';

/** Which links addresses have: changes hold for this browser, once they are saved. */
export function LookupsDialog(props: { readonly onClose: () => void }): ReactNode {
  const { notify } = useExplorer();
  const [kept, keep] = lookups.use();
  const [drafts, setDrafts] = useState(() => kept.map((lookup, id) => ({ id, lookup })));
  const change = (id: number, part: Partial<Lookup>): void =>
    setDrafts(drafts.map((each) => (each.id === id ? { id, lookup: { ...each.lookup, ...part } } : each)));
  const add = (more: readonly Lookup[]): void => {
    const free = Math.max(-1, ...drafts.map(({ id }) => id)) + 1;
    setDrafts([...drafts, ...more.map((lookup, at) => ({ id: free + at, lookup }))]);
  };
  const missing = defaultLookups.filter(
    (usual) => !drafts.some(({ lookup }) => lookup.template === usual.template),
  );
  return (
    <Dialog title="Links for addresses" onClose={props.onClose}>
      <form
        className="lookups"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const kept = keep(drafts.flatMap(({ lookup }) => (isBegun(lookup) ? lookup : [])));
          notify(
            kept ? 'Saved in this browser' : 'Can’t save in this browser: kept until the page is closed',
          );
          props.onClose();
        }}
      >
        <p className="soft">
          Shown under <b>Look up</b> for a selected address. Your browser opens them in a new tab; Peephole
          sends no requests. <code className="mono">{'{address}'}</code> stands for the address.
        </p>
        {drafts.map(({ id, lookup }) => (
          <LookupRow
            key={id}
            lookup={lookup}
            onChange={(part) => change(id, part)}
            onRemove={() => setDrafts(drafts.filter((each) => each.id !== id))}
          />
        ))}
        <div className="lookups-more">
          <button
            type="button"
            className="button"
            onClick={() => add([{ name: '', template: '', outside: true }])}
          >
            {plusIcon} Add a link
          </button>
          {missing.length > 0 && (
            <button type="button" className="button" onClick={() => add(missing)}>
              Restore defaults
            </button>
          )}
        </div>
        <div className="panel-actions">
          <button
            type="submit"
            className="button button-main"
            disabled={drafts.some(({ lookup }) => isBegun(lookup) && faultOf(lookup) !== null)}
          >
            Save
          </button>
          <button type="button" className="button" onClick={props.onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** A row without a word in it is none. */
function isBegun({ name, template }: Lookup): boolean {
  return name.trim() !== '' || template.trim() !== '';
}

function LookupRow(props: {
  readonly lookup: Lookup;
  readonly onChange: (part: Partial<Lookup>) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const { lookup } = props;
  const id = useId();
  const fault = faultOf(lookup);
  const begun = isBegun(lookup);
  return (
    <div className="lookup" role="group" aria-label={lookup.name || 'New link'}>
      <input
        className="input"
        placeholder="Name"
        aria-label="Name"
        autoFocus={!begun}
        data-focus-first={begun ? undefined : ''}
        maxLength={60}
        value={lookup.name}
        onChange={(event) => props.onChange({ name: event.target.value })}
      />
      <input
        className={`input mono${begun && fault !== null ? ' input-bad' : ''}`}
        type="url"
        placeholder="https://…/{address}"
        aria-label="Web address"
        aria-invalid={begun && fault !== null}
        aria-describedby={id}
        spellCheck={false}
        value={lookup.template}
        onChange={(event) => props.onChange({ template: event.target.value })}
      />
      <button
        type="button"
        className="button button-icon"
        aria-label={`Remove ${lookup.name || 'this link'}`}
        onClick={props.onRemove}
      >
        {crossIcon}
      </button>
      <label className="lookup-outside">
        <input
          type="checkbox"
          checked={lookup.outside}
          onChange={(event) => props.onChange({ outside: event.target.checked })}
        />
        Public addresses only
      </label>
      <span id={id} className="hint hint-bad">
        {begun ? fault : ''}
      </span>
    </div>
  );
}
