import type { AlertCondition, AlertContent } from '../../src/model/alert/alert.ts';
import { parseDocument } from '../../src/model/document/parse-document.ts';
import type { FindingKind } from '../../src/model/knocks/finding-kinds.ts';

/** The state of the alert form: all fields as text, for every kind of condition. */
export interface AlertDraft {
  readonly name: string;
  readonly enabled: boolean;
  readonly kind: AlertCondition['kind'];
  /** JSON of a query's filter. */
  readonly filter: string;
  readonly window: string;
  readonly measure: string;
  /** Empty: one series for all flows. */
  readonly split: string;
  readonly side: 'above' | 'below';
  readonly amount: string;
  readonly direction: 'increase' | 'decrease';
  readonly percent: string;
  readonly shift: string;
  readonly atLeast: string;
  readonly field: string;
  readonly known: string;
  readonly windows: string;
  readonly kinds: readonly FindingKind[];
  readonly score: string;
  /** Empty: any. */
  readonly source: string;
  readonly lag: string;
  readonly lasting: string;
  readonly every: string;
  readonly delay: string;
  /** Empty: it fires at once. */
  readonly for: string;
  readonly channels: readonly string[];
  readonly note: string;
}

export const emptyDraft: AlertDraft = {
  name: '',
  enabled: true,
  kind: 'amount',
  filter: '[]',
  window: 'PT1H',
  measure: 'flows',
  split: '',
  side: 'above',
  amount: '',
  direction: 'increase',
  percent: '50',
  shift: 'P7D',
  atLeast: '0',
  field: 'dstport',
  known: 'P30D',
  windows: '24',
  kinds: [],
  score: '0.5',
  source: '',
  lag: 'PT30M',
  lasting: 'PT2H',
  every: 'PT5M',
  delay: 'PT15M',
  for: '',
  channels: [],
  note: '',
};

/** The form state for an existing alert. */
export function draftOf(alert: AlertContent): AlertDraft {
  const { condition } = alert;
  const base: AlertDraft = {
    ...emptyDraft,
    name: alert.name,
    enabled: alert.enabled,
    kind: condition.kind,
    every: alert.every,
    delay: alert.delay,
    for: alert.for ?? '',
    channels: alert.channels,
    note: alert.note ?? '',
  };
  const flows =
    'filter' in condition ? { filter: JSON.stringify(condition.filter), window: condition.window } : {};
  switch (condition.kind) {
    case 'amount':
      return {
        ...base,
        ...flows,
        measure: condition.measure,
        split: condition.split ?? '',
        side: condition.above === null ? 'below' : 'above',
        amount: String(condition.above ?? condition.below),
      };
    case 'change':
      return {
        ...base,
        ...flows,
        measure: condition.measure,
        split: condition.split ?? '',
        direction: condition.increase === null ? 'decrease' : 'increase',
        percent: String(condition.increase ?? condition.decrease),
        shift: condition.shift,
        atLeast: String(condition.at_least),
      };
    case 'new_value':
      return { ...base, ...flows, field: condition.field, known: condition.known };
    case 'absence':
      return { ...base, ...flows, split: condition.split ?? '', windows: String(condition.windows) };
    case 'finding':
      return { ...base, kinds: condition.kinds, score: String(condition.score) };
    case 'source_lag':
      return { ...base, source: condition.source ?? '', lag: condition.lag };
    case 'no_logs':
      return { ...base, lasting: condition.lasting };
  }
}

/** The alert that a form describes. Throws the same errors as the server, and SyntaxError for a filter that is not JSON. */
export function contentOf(draft: AlertDraft): AlertContent {
  return parseDocument('alerts', {
    name: draft.name,
    enabled: draft.enabled,
    condition: conditionOf(draft),
    every: draft.every,
    delay: draft.delay,
    for: draft.for === '' ? null : draft.for,
    channels: draft.channels,
    note: draft.note.trim() === '' ? null : draft.note,
  });
}

function conditionOf(draft: AlertDraft): Readonly<Record<string, unknown>> {
  const { kind } = draft;
  const split = draft.split === '' ? null : draft.split;
  const flows = (): Readonly<Record<string, unknown>> => ({
    filter: draft.filter.trim() === '' ? [] : JSON.parse(draft.filter),
    window: draft.window,
  });
  switch (kind) {
    case 'amount':
      return { kind, ...flows(), measure: draft.measure, split, [draft.side]: numberOf(draft.amount) };
    case 'change':
      return {
        kind,
        ...flows(),
        measure: draft.measure,
        split,
        shift: draft.shift,
        [draft.direction]: numberOf(draft.percent),
        at_least: numberOf(draft.atLeast) ?? 0,
      };
    case 'new_value':
      return { kind, ...flows(), field: draft.field, known: draft.known };
    case 'absence':
      return { kind, ...flows(), split, windows: numberOf(draft.windows) };
    case 'finding':
      return { kind, kinds: draft.kinds, score: numberOf(draft.score) ?? 0 };
    case 'source_lag':
      return { kind, source: draft.source === '' ? null : draft.source, lag: draft.lag };
    case 'no_logs':
      return { kind, lasting: draft.lasting };
  }
}

/** Null for an empty text; other text is kept, so that validation names the field. */
function numberOf(text: string): number | string | null {
  const number = Number(text);
  if (text.trim() === '') return null;
  return Number.isFinite(number) ? number : text;
}
