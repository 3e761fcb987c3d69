import { type ReactNode, useId, useState } from 'react';
import {
  type Lookup,
  MOST_LOOKUP_NAME,
  MOST_LOOKUPS,
  MOST_TEMPLATE,
  faultOf,
} from '../../src/model/document/lookup.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { problemWords } from '../data/problem-words.ts';
import { type LookupsDocument, useLookupChanges, useLookups } from '../data/use-lookups.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DocumentOrigin, DocumentProblems } from '../parts/document-origin.tsx';
import { crossIcon, plusIcon } from '../parts/icons.tsx';
import './lookups-dialog.css';

/** Which links addresses have: changes hold for all users of the store, once they are saved. */
export function LookupsDialog(props: { readonly onClose: () => void }): ReactNode {
  const { schema } = useExplorer();
  const { own, others, error } = useLookups(schema.readOnly);
  return (
    <Dialog title="Links for addresses" onClose={props.onClose}>
      <p className="soft">
        Shown under <b>Look up</b> for a selected address. Your browser opens them in a new tab; Peephole
        sends no requests. <code className="mono">{'{address}'}</code> stands for the address.
      </p>
      {error !== null && <p className="hint hint-bad">{problemWords(error)}</p>}
      {own !== null && <LookupsForm own={own} others={others} onClose={props.onClose} />}
    </Dialog>
  );
}

function LookupsForm(props: {
  readonly own: LookupsDocument;
  /** How many links other documents have. */
  readonly others: number;
  readonly onClose: () => void;
}): ReactNode {
  const { view, schema, notify } = useExplorer();
  const { onClose } = props;
  // What was read when the form was opened: if somebody else saves meanwhile, saving is refused.
  const [before] = useState(props.own);
  const [drafts, setDrafts] = useState(() => before.content.links.map((lookup, id) => ({ id, lookup })));
  const changes = useLookupChanges(notify);
  const change = (id: number, part: Partial<Lookup>): void =>
    setDrafts(drafts.map((each) => (each.id === id ? { id, lookup: { ...each.lookup, ...part } } : each)));
  const add = (): void => {
    const id = Math.max(-1, ...drafts.map((each) => each.id)) + 1;
    setDrafts([...drafts, { id, lookup: { name: '', template: '', outside: true } }]);
  };
  const attempt = (done: Promise<boolean>): void => {
    void done.then((isDone) => {
      if (!isDone) return;
      notify('Saved');
      onClose();
    });
  };
  return (
    <>
      <form
        className="lookups"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const links = drafts.flatMap(({ lookup }) =>
            isBegun(lookup) ? { ...lookup, template: lookup.template.trim() } : [],
          );
          attempt(changes.save(before, { ...before.content, links }));
        }}
      >
        <fieldset disabled={schema.readOnly}>
          {drafts.map(({ id, lookup }) => (
            <LookupRow
              key={id}
              lookup={lookup}
              onChange={(part) => change(id, part)}
              onRemove={() => setDrafts(drafts.filter((each) => each.id !== id))}
            />
          ))}
          <div className="lookups-more">
            <button type="button" className="button" disabled={drafts.length >= MOST_LOOKUPS} onClick={add}>
              {plusIcon} Add a link
            </button>
          </div>
        </fieldset>
        {props.others > 0 && (
          <p className="hint">
            {props.others === 1 ? '1 more link comes' : `${props.others} more links come`} from other
            documents.
          </p>
        )}
        <div className="panel-actions">
          <button
            type="submit"
            className="button button-main"
            disabled={
              schema.readOnly || drafts.some(({ lookup }) => isBegun(lookup) && faultOf(lookup) !== null)
            }
          >
            Save for everyone
          </button>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
      <DocumentOrigin
        kind="lookups"
        document={props.own}
        readOnly={schema.readOnly}
        timezone={view.timezone}
        onRestore={() => attempt(changes.restore(props.own))}
        onPut={(content) => attempt(changes.save(props.own, content))}
      />
      <DocumentProblems kinds={['lookups']} />
    </>
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
        maxLength={MOST_LOOKUP_NAME}
        value={lookup.name}
        onChange={(event) => props.onChange({ name: event.target.value })}
      />
      <input
        className={`input mono${begun && fault !== null ? ' input-bad' : ''}`}
        type="url"
        maxLength={MOST_TEMPLATE}
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
