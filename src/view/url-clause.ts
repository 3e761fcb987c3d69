import type { Clause } from '../model/query/query.ts';
import { isRun, numbersOf, runsOf } from './number-ranges.ts';
import { isoTime, readAbsolute } from './url-time.ts';
import { type WordKind, cut, readRun, readScalar, readToken, writeScalar, writeText } from './url-lexer.ts';

/**
 * One filter in the URL: `[!]field[.kind]:what`.
 *
 *     action:REJECT               in
 *     !srcaddr:null,1.2.3.4       not in
 *     dst_name.contains:collector
 *     dst_name.matches:"^web-"
 *     dstaddr.cidr:10.0.0.0/8,172.16.0.0/12
 *     dstport:22,80,8000..8100    in, neighbours in one
 *     dstport.between:1..1023     both ends belong; `1..` and `..1023` are open
 */
export function writeClause(clause: Clause, kind: WordKind): string {
  const head = `${clause.not ? '!' : ''}${writeField(clause.field)}`;
  switch (clause.kind) {
    case 'in':
      return `${head}:${(kind === 'text' ? clause.values : runsOf(clause.values)).map((item) => (isRun(item) ? `${item.low}..${item.high}` : writeScalar(item, kind))).join(',')}`;
    case 'contains':
      return `${head}.contains:${writeText(clause.text)}`;
    case 'matches':
      return `${head}.matches:${writeText(clause.pattern)}`;
    case 'cidr':
      return `${head}.cidr:${clause.blocks.map(writeText).join(',')}`;
    case 'ranges':
      return `${head}.within:${clause.ranges.map(({ from, to }) => `${isoTime(from)}..${isoTime(to)}`).join(',')}`;
    case 'between':
      return `${head}.between:${clause.low ?? ''}..${clause.high ?? ''}`;
  }
}

const shape =
  /^(?<not>!?)(?<field>[A-Za-z_][\w-]*|"(?:[^"\\]|\\.)*")(?:\.(?<kind>contains|matches|cidr|between|within))?:(?<what>.*)$/s;

/** Reads one filter; null if it is none. `kindOf` says what bare words of a field are. */
export function readClause(source: string, kindOf: (field: string) => WordKind): Clause | null {
  const groups = shape.exec(source)?.groups;
  const field = readToken(groups?.['field'] ?? '')?.text;
  if (groups === undefined || field === undefined) return null;
  const not = groups['not'] === '!';
  const what = groups['what'] ?? '';
  switch (groups['kind']) {
    case 'contains': {
      const text = readToken(what)?.text;
      return text === undefined ? null : { kind: 'contains', field, text, not };
    }
    case 'matches': {
      const pattern = readToken(what)?.text;
      return pattern === undefined ? null : { kind: 'matches', field, pattern, not };
    }
    case 'cidr': {
      const blocks = readList(what, (part) => readToken(part)?.text);
      return blocks === null ? null : { kind: 'cidr', field, blocks, not };
    }
    case 'within': {
      const ranges = what.split(',').map((part) => readAbsolute(...(part.split('..') as [string, string?])));
      return ranges.some((range) => range === null)
        ? null
        : { kind: 'ranges', field, ranges: ranges.flatMap((range) => range ?? []), not };
    }
    case 'between': {
      const ends = /^(-?[\d.]+(?:e[+-]?\d+)?)?\.\.(-?[\d.]+(?:e[+-]?\d+)?)?$/i.exec(what);
      const [low, high] = [ends?.[1], ends?.[2]].map((end) => (end === undefined ? null : Number(end)));
      if (ends === null || low === undefined || high === undefined) return null;
      return Number.isNaN(low) || Number.isNaN(high) ? null : { kind: 'between', field, low, high, not };
    }
    default: {
      const kind = kindOf(field);
      const values = readList(what, (part) => {
        const run = kind === 'text' ? null : readRun(part);
        if (run !== null) return numbersOf(run) ?? undefined;
        const token = readToken(part);
        const value = token === null ? undefined : readScalar(token, kind);
        return value === undefined ? undefined : [value];
      });
      return values === null ? null : { kind: 'in', field, values: values.flat(), not };
    }
  }
}

export function writeField(field: string): string {
  return /^[A-Za-z_][\w-]*$/.test(field) ? field : JSON.stringify(field);
}

function readList<Value>(what: string, read: (part: string) => Value | undefined): readonly Value[] | null {
  if (what === '') return [];
  const values = cut(what, ',').map(read);
  return values.every((value) => value !== undefined) ? values : null;
}
