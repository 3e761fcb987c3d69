import { numberAfter, numberBefore } from '../../src/model/query/next-number.ts';
import { havingWords } from '../../src/view/having.ts';
import { readAmount } from './amount.ts';
import { quoted } from './meaning.ts';
import { plainRanges } from './split-items.ts';

/** A typed condition on a measure, or why it is invalid. Both ends are inclusive; null: no end. */
export type ConditionMeaning =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'fault'; readonly why: string }
  | {
      readonly kind: 'condition';
      readonly low: number | null;
      readonly high: number | null;
      readonly words: string;
    };

/** Two fields, or a range such as `1k-5M` or `>1000` in one of them. `unit`: the measure's. */
export function understandCondition(low: string, high: string, unit: string): ConditionMeaning {
  const [from, to] = [low.trim(), high.trim()];
  if (from === '' && to === '') return { kind: 'nothing' };
  const ends = from === '' || to === '' ? splitRange(from === '' ? to : from) : null;
  const [least, most] = ends ?? [
    { text: from, beyond: false },
    { text: to, beyond: false },
  ];
  const bounds: (number | null)[] = [];
  for (const { text, beyond } of [least, most]) {
    const amount = amountOf(text, unit);
    if (typeof amount === 'string') return { kind: 'fault', why: amount };
    const isLow = bounds.length === 0;
    bounds.push(amount === null || !beyond ? amount : beside(amount, unit, isLow));
  }
  const [start = null, end = null] = bounds;
  if (start !== null && end !== null && start > end)
    return { kind: 'fault', why: 'From must not be greater than to.' };
  return {
    kind: 'condition',
    low: start,
    high: end,
    words: havingWords({ low: start, high: end }, unit, ' to '),
  };
}

interface End {
  readonly text: string;
  /** Whether the end is exclusive. */
  readonly beyond: boolean;
}

const none: End = { text: '', beyond: false };

/** The ends of a range in one text; null: not a range. */
function splitRange(text: string): readonly [End, End] | null {
  const compared = /^(>=?|<=?|≥|≤)\s*(.+)$/.exec(text);
  if (compared !== null) {
    const end = { text: compared[2] ?? '', beyond: compared[1] === '>' || compared[1] === '<' };
    return /^[>≥]/.test(compared[1] ?? '') ? [end, none] : [none, end];
  }
  const ends = /^([^-]+)-([^-]+)$/.exec(plainRanges(text));
  return ends === null
    ? null
    : [
        { text: ends[1] ?? '', beyond: false },
        { text: ends[2] ?? '', beyond: false },
      ];
}

/** The amount in a text; null: empty; a text: why it is invalid. */
function amountOf(text: string, unit: string): number | null | string {
  const amount = readAmount(text);
  if (amount === undefined)
    return `${quoted(text.trim())} is not a number, such as ${unit === 'share' ? '5% or 0.05' : unit === 'bytes' ? '1000, 2k or 1.5 MB' : '1000 or 2k'}.`;
  if (amount === null) return null;
  if (amount < 0) return `${quoted(text.trim())} is negative; values here can’t be.`;
  const percent = text.includes('%');
  if (unit !== 'share') return percent ? `${quoted(text.trim())} is a share; this is an amount.` : amount;
  // A share of 50 can only mean percent.
  const share = percent || amount <= 1 ? amount : amount / 100;
  return share > 1 ? 'A share is at most 100 %.' : share;
}

/** The bound that leaves an amount out. Counts are whole, so more than 1000 is 1001 or more; others are not. */
function beside(amount: number, unit: string, isLow: boolean): number {
  if (unit === 'count' || unit === 'packets' || unit === 'hours') return isLow ? amount + 1 : amount - 1;
  return isLow ? numberAfter(amount) : numberBefore(amount);
}
