import { type ReactNode, useState } from 'react';
import { conditionKinds } from '../../src/model/alert/alert.ts';
import { alertSteps } from '../../src/model/alert/parse-alert.ts';
import { findingKinds, kindWords } from '../../src/model/knocks/finding-kinds.ts';
import { type AlertChannel, type AlertPreview, useAlertActions } from '../data/use-alerts.ts';
import type { Schema } from '../data/use-schema.ts';
import { counted } from '../../src/view/format/numbers.ts';
import { formatStamp } from '../../src/view/format/times.ts';
import { Dialog } from '../parts/dialog.tsx';
import { type AlertDraft, contentOf } from './alert-draft.ts';
import { FilterField } from './filter-field.tsx';
import { Field, LengthField, SelectField, TextField } from './alert-fields.tsx';
import { lengthText } from '../../src/model/alert/length-text.ts';
import { conditionWords } from './alert-words.ts';
import { measureOptions } from './measure-options.ts';
import { SeriesLabel } from './series-label.tsx';

/** Makes or changes an alert, and shows when it would have fired. */
export function AlertEditor(props: {
  readonly draft: AlertDraft;
  readonly isNew: boolean;
  readonly schema: Schema;
  readonly channels: readonly AlertChannel[];
  readonly timezone: string;
  /** Rejects with the error of the server. */
  readonly onSave: (content: unknown, name: string) => Promise<void>;
  readonly onClose: () => void;
}): ReactNode {
  const { schema, channels } = props;
  const { preview, testChannel } = useAlertActions();
  const [draft, setDraft] = useState(props.draft);
  const [problem, setProblem] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [seen, setSeen] = useState<AlertPreview | 'asking' | null>(null);
  const set = (part: Partial<AlertDraft>): void => {
    setDraft({ ...draft, ...part });
    setProblem(null);
    setSeen(null);
  };
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setSeen(null);
      setProblem(
        error instanceof SyntaxError ? `The filter is not JSON: ${error.message}` : (error as Error).message,
      );
    }
  };
  const unknown = draft.channels.filter((name) => channels.every((channel) => channel.name !== name));
  return (
    <Dialog title={props.isNew ? 'New alert' : 'Edit alert'} onClose={props.onClose}>
      <form
        className="alert-form"
        onSubmit={(event) => {
          event.preventDefault();
          // A form of a filter's panel says so here too.
          if (event.target !== event.currentTarget) return;
          void attempt(() => props.onSave(contentOf(draft), draft.name));
        }}
      >
        <TextField label="Name" value={draft.name} onChange={(name) => set({ name })} focus />
        <SelectField
          label="Fires on"
          value={draft.kind}
          options={conditionKinds.map((kind) => [kind, conditionWords[kind]])}
          onChange={(kind) => set({ kind: conditionKinds.find((one) => one === kind) ?? draft.kind })}
        />
        <ConditionFields draft={draft} set={set} schema={schema} onProblem={setProblem} />
        <div className="alert-row">
          <SelectField
            label="Evaluate every"
            value={draft.every}
            options={alertSteps.map((step) => [step, lengthText(step)])}
            onChange={(every) => set({ every })}
          />
          <LengthField label="Wait for late logs" value={draft.delay} onChange={(delay) => set({ delay })} />
          <LengthField
            label="Must hold for"
            none="fires at once"
            value={draft.for}
            onChange={(held) => set({ for: held })}
          />
        </div>
        <Field label="Send to">
          {channels.length + unknown.length === 0 ? (
            <p className="hint">
              No channel is configured: the alert is only shown here. Channels are in the server’s
              configuration file (peephole serve --config).
            </p>
          ) : (
            <ul className="alert-channels">
              {[...channels, ...unknown.map((name) => ({ name, kind: 'not configured' }))].map(
                ({ name, kind }) => (
                  <li key={name}>
                    <label>
                      <input
                        type="checkbox"
                        checked={draft.channels.includes(name)}
                        onChange={(event) =>
                          set({
                            channels: event.target.checked
                              ? [...draft.channels, name]
                              : draft.channels.filter((each) => each !== name),
                          })
                        }
                      />
                      {name} <span className="hint">{kind}</span>
                    </label>
                    <button
                      type="button"
                      className="link"
                      onClick={() =>
                        void attempt(async () => {
                          await testChannel(name);
                          setSaid(`${name} accepted a test message.`);
                        })
                      }
                    >
                      Send a test
                    </button>
                  </li>
                ),
              )}
            </ul>
          )}
        </Field>
        <Field label="Note for the recipient">
          <textarea
            className="input"
            rows={2}
            aria-label="Note for the recipient"
            value={draft.note}
            onChange={(event) => set({ note: event.target.value })}
          />
        </Field>
        {problem !== null && (
          <p className="alert-problem" role="alert">
            {problem}
          </p>
        )}
        {said !== null && problem === null && <p role="status">{said}</p>}
        {seen !== null && <Preview seen={seen} field={seriesFieldOf(draft)} timezone={props.timezone} />}
        <footer>
          <button
            type="button"
            className="button"
            disabled={seen === 'asking'}
            onClick={() => {
              setSeen('asking');
              // A name is not needed to see what it would do.
              const named = { ...draft, name: draft.name.trim() === '' ? 'Preview' : draft.name };
              void attempt(async () =>
                setSeen(await preview(contentOf(named), new AbortController().signal)),
              );
            }}
          >
            Preview over the past
          </button>
          <span className="grow" />
          <button type="button" className="button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" className="button button-main" disabled={draft.name.trim() === ''}>
            Save
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** The field whose values the series of a draft are; null: they are none. */
function seriesFieldOf({ kind, field, split }: AlertDraft): string | null {
  if (kind === 'new_value') return field;
  return split === '' ? null : split;
}

function Preview(props: {
  readonly seen: AlertPreview | 'asking';
  readonly field: string | null;
  readonly timezone: string;
}): ReactNode {
  const { seen, timezone } = props;
  if (seen === 'asking') return <p role="status">Evaluating the past…</p>;
  const moment = (iso: string): string => formatStamp(Date.parse(iso), timezone);
  const times = seen.fired.length === 1 ? 'once' : `${seen.fired.length} times`;
  return (
    <div
      className="alert-preview"
      role="status"
      ref={(element) => element?.scrollIntoView({ block: 'nearest' })}
    >
      <p>
        {seen.looks === 0
          ? 'The logs are too short for a preview.'
          : `Would have fired ${seen.fired.length === 0 ? 'never' : times} from ${moment(seen.from)} to ${moment(seen.to)} (${counted(seen.looks, 'evaluation')}${seen.no_data === 0 ? '' : `, ${seen.no_data} without data`}).`}
      </p>
      <ul>
        {seen.fired.slice(-10).map((one, i) => (
          <li key={i}>
            {moment(one.at)}
            {one.label !== null && (
              <>
                {' · '}
                <SeriesLabel value={one.label} field={props.field} apart />
              </>
            )}
            {one.value !== null && ` · ${one.value.toLocaleString('en-US')}`}
          </li>
        ))}
      </ul>
      {seen.fired.length > 10 && <p className="hint">The latest ten.</p>}
    </div>
  );
}

function ConditionFields(props: {
  readonly draft: AlertDraft;
  readonly set: (part: Partial<AlertDraft>) => void;
  readonly schema: Schema;
  readonly onProblem: (problem: string) => void;
}): ReactNode {
  const { draft, set, schema } = props;
  const fields = schema.dimensions
    .filter(({ type }) => type !== 'time')
    .map(({ name, label }) => [name, label] as const);
  const measure = (
    <SelectField
      label="Measure"
      value={draft.measure}
      options={measureOptions(schema, draft.measure)}
      onChange={(value) => set({ measure: value })}
    />
  );
  const split = (
    <SelectField
      label="For each"
      value={draft.split}
      options={[['', 'all together'], ...fields]}
      onChange={(value) => set({ split: value })}
    />
  );
  const window = (
    <SelectField
      label="Within"
      value={draft.window}
      options={alertSteps.map((step) => [step, lengthText(step)])}
      onChange={(value) => set({ window: value })}
    />
  );
  const filter = (
    <FilterField
      filter={draft.filter}
      schema={schema}
      onChange={(next) => set({ filter: next })}
      onProblem={props.onProblem}
    />
  );
  switch (draft.kind) {
    case 'amount':
      return (
        <>
          <div className="alert-row">
            {measure}
            <SelectField
              label="Is"
              value={draft.side}
              options={[
                ['above', 'above'],
                ['below', 'below'],
              ]}
              onChange={(value) => set({ side: value === 'below' ? 'below' : 'above' })}
            />
            <TextField label="Number" value={draft.amount} onChange={(amount) => set({ amount })} />
          </div>
          <div className="alert-row">
            {window}
            {split}
          </div>
          {filter}
        </>
      );
    case 'change':
      return (
        <>
          <div className="alert-row">
            {measure}
            <SelectField
              label="Goes"
              value={draft.direction}
              options={[
                ['increase', 'up'],
                ['decrease', 'down'],
              ]}
              onChange={(value) => set({ direction: value === 'decrease' ? 'decrease' : 'increase' })}
            />
            <TextField label="By percent" value={draft.percent} onChange={(percent) => set({ percent })} />
          </div>
          <div className="alert-row">
            {window}
            <LengthField
              label="Against earlier by"
              value={draft.shift}
              onChange={(shift) => set({ shift })}
            />
            <TextField label="At least" value={draft.atLeast} onChange={(atLeast) => set({ atLeast })} />
          </div>
          {split}
          {filter}
        </>
      );
    case 'new_value':
      return (
        <>
          <div className="alert-row">
            <SelectField
              label="New value of"
              value={draft.field}
              options={fields}
              onChange={(field) => set({ field })}
            />
            {window}
            <LengthField label="Not seen for" value={draft.known} onChange={(known) => set({ known })} />
          </div>
          {filter}
        </>
      );
    case 'absence':
      return (
        <>
          <div className="alert-row">
            {window}
            <TextField
              label="After so many with flows"
              value={draft.windows}
              onChange={(windows) => set({ windows })}
            />
            {split}
          </div>
          {filter}
        </>
      );
    case 'finding':
      return (
        <>
          <Field label="Kinds (none chosen: any)">
            <select
              className="input alert-kinds"
              multiple
              size={6}
              aria-label="Kinds"
              value={draft.kinds}
              onChange={(event) => {
                const chosen = new Set([...event.target.selectedOptions].map(({ value }) => value));
                set({ kinds: findingKinds.filter((kind) => chosen.has(kind)) });
              }}
            >
              {findingKinds.map((kind) => (
                <option key={kind} value={kind}>
                  {kindWords[kind].name}
                </option>
              ))}
            </select>
          </Field>
          <TextField
            label="Score, from 0 to 1, at least"
            value={draft.score}
            onChange={(score) => set({ score })}
          />
        </>
      );
    case 'source_lag':
      return (
        <div className="alert-row">
          <TextField
            label="Source (empty: any)"
            value={draft.source}
            onChange={(source) => set({ source })}
          />
          <LengthField label="Behind for" value={draft.lag} onChange={(lag) => set({ lag })} />
        </div>
      );
    case 'no_logs':
      return (
        <LengthField
          label="Newest flow is older than"
          value={draft.lasting}
          onChange={(lasting) => set({ lasting })}
        />
      );
  }
}
