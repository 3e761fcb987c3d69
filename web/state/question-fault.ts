import { parseSortKey } from '../../src/model/query/sort-measure.ts';
import { PeepholeError } from '../../src/model/errors.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import { MAX_CLAUSES, MAX_HAVING, MAX_LIMIT, MAX_SPLITS, MAX_VALUES } from '../../src/model/query/limits.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { clauseKindsFor, queryField } from '../../src/model/query/query-field.ts';
import type { Clause, Query, Split } from '../../src/model/query/query.ts';
import { formatCount } from '../../src/view/format/numbers.ts';
import { durationName } from '../../src/view/time/iso-duration.ts';
import { quoted } from '../understand/meaning.ts';
import { expressionFault } from '../understand/patterns.ts';
import { textFault } from '../understand/understand-texts.ts';

/** The path of the invalid part of a query, as the server would report it; null: it is valid. */
export function faultyPath(query: Query): string | null {
  try {
    parseQuery(formatQuery(query));
    return null;
  } catch (error) {
    const path = error instanceof PeepholeError ? error.details['path'] : undefined;
    return typeof path === 'string' ? path : '';
  }
}

/** Names on the page. */
export interface Labels {
  readonly dimension: (name: string) => string;
  readonly measure: (name: string) => string;
}

/** An error in a query: the invalid part, as the page names it, and the reason. */
export interface QuestionFault {
  /** Null: the question as a whole. */
  readonly about: string | null;
  readonly why: string;
}

/** Describes a path reported by the server or `faultyPath` in the terms of the page. `reason`: the engine's message about an expression. */
export function questionFault(
  query: Query,
  path: string,
  labels: Labels,
  reason: string | null = null,
): QuestionFault {
  const [part = '', ...rest] = path.split(/[.[\]]+/).filter((each) => each !== '');
  const at = Number(rest[0]);
  switch (part) {
    case 'filter':
    case 'selection': {
      const clause = query.filter[at] ?? query.filter.find(({ kind }) => kind === 'matches');
      if (rest.length === 0 && (clause === undefined || clause.kind !== 'matches'))
        return whole(`A view has at most ${MAX_CLAUSES} filters.`);
      if (clause === undefined) return whole('One of the filters is not valid.');
      const place = rest[2] === undefined ? null : Number(rest[2]);
      return { about: labels.dimension(clause.field), why: clauseFault(clause, place, reason) };
    }
    case 'having': {
      const condition = query.having[at];
      if (condition === undefined) return whole(`A view has at most ${MAX_HAVING} conditions on measures.`);
      const about = labels.measure(condition.measure);
      const { low, high } = condition;
      return low !== null && high !== null && low > high
        ? { about, why: 'The range is reversed.' }
        : { about, why: 'An end of the range is not a number.' };
    }
    case 'splits': {
      const split = query.splits[at];
      return split === undefined
        ? whole(`A view has at most ${MAX_SPLITS} splits.`)
        : { about: `Split by ${labels.dimension(split.field)}`, why: splitFault(split, rest[1]) };
    }
    case 'time':
      return { about: 'Time', why: timeFault(query, rest[0]) };
    case 'compare':
    case 'earlier':
      return {
        about: 'Compare',
        why:
          query.time === null
            ? 'There is no period before all time: choose a time range first.'
            : 'The other period is out of range.',
      };
    case 'timezone':
      return { about: 'Time zone', why: `The server knows no time zone ${quoted(query.timezone)}.` };
    case 'measures':
      return whole('One of the measures is unknown or repeated.');
    default:
      return whole('Part of the query is not valid.');
  }
}

function whole(why: string): QuestionFault {
  return { about: null, why };
}

function clauseFault(clause: Clause, place: number | null, reason: string | null): string {
  const type = queryField(clause.field)?.type ?? 'text';
  const fits = clauseKindsFor(type).includes(clause.kind);
  switch (clause.kind) {
    case 'in': {
      if (place === null) return `A filter holds at most ${formatCount(MAX_VALUES)} values.`;
      const value = clause.values[place] ?? null;
      if (value === null) return 'One of the values can’t be filtered by.';
      const text = quoted(String(value));
      switch (type) {
        case 'address':
          return `${text} is not an IPv4 or IPv6 address.`;
        case 'integer':
        case 'counter':
          return /^\d+$/.test(String(value)) ? `${text} is too large.` : `${text} is not a whole number.`;
        case 'time':
          return `${text} is not a time.`;
        case 'text':
          return textFault(String(value)) ?? `${text} is not a text.`;
      }
      break;
    }
    case 'contains':
      if (!fits) return 'It is not a text: it can’t be filtered by a part of it.';
      return textFault(clause.text) ?? 'The text can’t be searched for.';
    case 'matches':
      if (!fits) return 'It is not a text: it can’t be filtered by a regular expression.';
      return textFault(clause.pattern) ?? expressionFault(clause.pattern, reason);
    case 'cidr': {
      if (!fits) return 'It is not an address: it can’t be filtered by blocks of addresses.';
      if (place === null) return `A filter holds at most ${formatCount(MAX_VALUES)} blocks.`;
      return `${quoted(clause.blocks[place] ?? '')} is not a block of addresses such as 10.0.0.0/8.`;
    }
    case 'ranges':
      return fits
        ? 'A range of time ends before it begins.'
        : 'It is not a time: it can’t be filtered by ranges.';
    case 'between': {
      if (!fits) return 'It is not a number: it can’t be filtered by a range.';
      const { low, high } = clause;
      return low !== null && high !== null && low > high
        ? 'The range is reversed.'
        : 'An end of the range is not a number.';
    }
  }
}

function splitFault({ field, bucket, sort }: Split, key: string | undefined): string {
  const type = queryField(field)?.type ?? 'text';
  switch (key) {
    case 'bucket':
      if (bucket === null) return 'It is an amount, which can only be split into ranges. Choose their width.';
      if (type === 'time')
        return bucket.kind === 'time'
          ? `Time can’t be split by ${durationName(bucket.duration)}: an hour, a day or a year must be a whole number of them.`
          : 'Time is split by minutes, hours or days, not by numbers.';
      return type === 'text' || type === 'address'
        ? 'It has values, not amounts: it can’t be split into ranges.'
        : 'The width of its ranges must be above 0.';
    case 'limit':
      return `A split shows at most ${formatCount(MAX_LIMIT)} values.`;
    case 'sort':
      return parseSortKey(sort.by) !== null || sort.by === field
        ? 'The order can’t be understood.'
        : `It can’t be sorted by ${quoted(sort.by)}.`;
    default:
      return 'It can’t be understood.';
  }
}

function timeFault({ time }: Query, key: string | undefined): string {
  if (key === 'last') return 'It reaches too far back.';
  // A range that the engine refuses: older flows are deleted, only hourly totals are left.
  if (key === undefined && (time === null || time.kind === 'last' || time.from < time.to))
    return 'A part of this time has only hourly totals, and this query needs every flow. Choose a later time, or leave out source ports, TCP flags, connections and times finer than an hour.';
  return time?.kind === 'absolute' && time.from >= time.to
    ? 'It ends before it begins.'
    : 'It lies too far away: years have four digits.';
}
