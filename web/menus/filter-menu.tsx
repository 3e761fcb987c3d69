import { type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { Clause, Scalar } from '../../src/model/query/query.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { useExpressionJudge } from '../data/expression-judge.ts';
import { Problem } from '../data/request-problem.ts';
import { problemWords } from '../data/problem-words.ts';
import { useMatches } from '../data/use-matches.ts';
import { NamesContext } from '../data/use-names.ts';
import { Segments } from '../parts/segments.tsx';
import type { View } from '../../src/view/view.ts';
import type { About, Meaning } from '../understand/meaning.ts';
import { expressionFault } from '../understand/patterns.ts';
import { splitItems } from '../understand/split-items.ts';
import { FilterPane } from './filter-pane.tsx';
import {
  type FilterDraft,
  type FilterMode,
  clauseOfDraft,
  draftOf,
  meaningOfDraft,
  modesOf,
} from './filter-draft.ts';
import { LIMIT, ValuesPane } from './values-pane.tsx';
import { isExactly, optionsOf, searchOf } from './value-options.ts';
import './filter-menu.css';

const modeNames: Readonly<Record<FilterMode, string>> = {
  values: 'Values',
  contains: 'Contains',
  matches: 'Regex',
  cidr: 'CIDR',
  between: 'Range',
  ranges: 'Ranges',
};

/**
 * Adds or changes a filter: nothing applies before Apply or Enter; Escape cancels. One line says what the filter will
 * do, or why it is not valid.
 */
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
  const { field, view } = props;
  const [draft, setDraft] = useState(() =>
    draftOf(props.clause, schema.dimension(field).type, view.timezone),
  );
  const about = useAbout(field, view.timezone, draft.mode === 'matches');
  const [first] = useState(draft.values);
  // The option that the arrow keys selected.
  const [at, setAt] = useState(-1);
  // Apply as soon as possible: the meaning is still being resolved.
  const [submitted, setSubmitted] = useState(false);
  const change = (part: Partial<FilterDraft>): void => {
    setDraft({ ...draft, ...part });
    setSubmitted(false);
    if (part.typed !== undefined || part.mode !== undefined) setAt(-1);
  };
  const choosing = draft.mode === 'values';
  const typed = choosing ? draft.typed.trim() : '';
  const written = useMemo(() => meaningOfDraft(draft, about), [draft, about]);
  const narrowed = useSteady(
    choosing
      ? searchOf(draft.typed, meaningOfDraft({ ...draft, values: [], searching: false }, about), about)
      : written.kind === 'clause'
        ? written.clause
        : null,
  );
  const matches = useMatches(view, about, narrowed, {
    limit: choosing ? LIMIT : 1,
    revision: schema.revision,
    held:
      (narrowed === null && !(choosing && about.type !== 'counter')) ||
      (written.kind === 'clause' && written.unproved === 'unread'),
  });
  const options = choosing
    ? optionsOf(draft.typed, { first, now: draft.values }, matches.values ?? [], about)
    : [];
  // A text is rarely typed in full: take the first value that contains it.
  const nearest =
    about.type === 'text' && !draft.searching && isMeant(options[0]?.value, typed, field) ? 0 : -1;
  const active = Math.min(at >= 0 ? at : nearest, options.length - 1);
  const meaning =
    choosing && active >= 0 ? meaningOfDraft(draft, about, options[active]?.value ?? null) : written;
  const refused = refusalOf(meaning, matches.error);
  // Wait for what only the engine can validate, and for the values that match a text.
  const unproved = meaning.kind === 'clause' ? meaning.unproved : undefined;
  const waits =
    unproved === 'unread' ||
    (matches.waiting && (unproved !== undefined || (about.type === 'text' && typed !== '')));
  const clause = refused === null ? clauseOfDraft(draft, meaning) : null;
  const { onApply } = props;
  const submit = (): void => {
    if (waits) setSubmitted(true);
    else if (clause !== null) onApply(clause);
  };
  useEffect(() => {
    if (submitted && !waits && clause !== null) onApply(clause);
  }, [submitted, waits, clause, onApply]);
  const found = foundOf(meaning, narrowed, matches, draft);
  const modes = modesOf(about.type);
  const { unit } = schema.measure(view.measures[0] ?? 'flows');

  return (
    <form
      className="filter-menu"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
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
      {choosing ? (
        <ValuesPane
          about={about}
          draft={draft}
          options={options}
          matches={matches}
          unit={unit}
          active={active}
          onActive={setAt}
          onChange={change}
        />
      ) : (
        <FilterPane draft={draft} change={change} submit={submit} />
      )}
      <p
        className={`filter-preview hint${refused !== null ? ' hint-bad' : clause === null ? '' : ' filter-does'}`}
        role="status"
      >
        {refused ?? lineOf(meaning, draft.not, found)}
      </p>
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
        <button type="submit" className="button button-main" disabled={clause === null}>
          Apply
        </button>
      </div>
    </form>
  );
}

/** What is known about a field, to interpret typed text. */
function useAbout(field: string, timezone: string, judging: boolean): About {
  const { schema } = useExplorer();
  const names = useContext(NamesContext);
  const judge = useExpressionJudge(judging);
  return useMemo(() => {
    const { label, type, unit } = schema.dimension(field);
    const side = sides[field] ?? null;
    const loggedSide = side !== null && schema.dimension(side).logged ? side : null;
    return { field, label, type, unit, timezone, names, side: loggedSide, judge };
  }, [schema, field, timezone, names, judge]);
}

/** The field that says whether an end is internal. */
const sides: Readonly<Record<string, string>> = { srcaddr: 'src_side', dstaddr: 'dst_side' };

/** Whether a typed text means the first option; “none”, and a value that could be a list, must be typed in full. */
function isMeant(value: Scalar | undefined, typed: string, field: string): boolean {
  if (value === undefined || typed === '') return false;
  const partly = value !== null && splitItems(typed).length === 1;
  return partly || isExactly(value, typed.toLowerCase(), field);
}

/** Why it can't be applied, as a sentence; null: it can, or it is empty. */
function refusalOf(meaning: Meaning, error: Error | null): string | null {
  if (meaning.kind === 'fault') return meaning.why;
  if (meaning.kind === 'nothing' || error === null || meaning.unproved === undefined) return null;
  const { clause } = meaning;
  if (clause.kind === 'matches' && error instanceof Problem && error.code === 'impossible_query')
    return expressionFault(clause.pattern, error.reason);
  return problemWords(error);
}

function lineOf(meaning: Meaning, not: boolean, found: number | null): string {
  switch (meaning.kind) {
    case 'nothing':
      return meaning.hint;
    case 'fault':
      return meaning.why;
    case 'clause':
      return not ? `All but: ${meaning.summary(found)}` : meaning.summary(found);
  }
}

/** How many values match the typed text, if that was counted. */
function foundOf(
  meaning: Meaning,
  narrowed: Clause | null,
  matches: ReturnType<typeof useMatches>,
  draft: FilterDraft,
): number | null {
  if (meaning.kind !== 'clause' || narrowed === null || matches.found === null) return null;
  if (JSON.stringify(narrowed, plain) === JSON.stringify(meaning.clause, plain)) return matches.found;
  // A single value: whether it is among the values that contain it.
  const { clause } = meaning;
  if (clause.kind !== 'in' || clause.values.length !== 1 || draft.values.length > 0) return null;
  const there = matches.values?.some(({ value }) => String(value) === String(clause.values[0])) ?? false;
  return there ? 1 : matches.found <= (matches.values?.length ?? 0) ? 0 : null;
}

/** A stable object as long as the content is the same. */
function useSteady(clause: Clause | null): Clause | null {
  const text = JSON.stringify(clause, plain);
  // oxlint-disable-next-line react/exhaustive-deps -- the text contains all of it
  return useMemo(() => clause, [text]);
}

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
