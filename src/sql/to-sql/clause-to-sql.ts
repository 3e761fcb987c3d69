import { isDerived } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import { type AddressBlock, parseBlock } from '../../model/query/address-block.ts';
import type { Clause, Scalar } from '../../model/query/query.ts';
import { fieldOf } from '../plan/condition.ts';
import type { SqlWords } from './sql-words.ts';

/** A clause over the view `flows`, with its values as literals. */
export function clauseToSql(clause: Clause, timezone: string, words: SqlWords): string {
  const field = fieldOf(clause.field);
  const positive = predicate(clause, field, clockToSql(field, timezone, words) ?? columnName(field), words);
  return clause.not ? words.isNotTrue(positive) : positive;
}

/** The field's column in the view; `start` and `end` are words of SQL. */
export function columnName(field: Field): string {
  return field.type === 'time' ? `"${field.name}"` : field.name;
}

/** What clocks read, over the view `flows`, whose own such columns are of UTC's; null: the field is another. */
export function clockToSql(field: Field, timezone: string, words: SqlWords): string | null {
  if (!isDerived(field) || field.derivation.kind !== 'clock') return null;
  if (timezone === 'Etc/UTC' || timezone === 'UTC') return field.name;
  return words.clock(field.derivation.what, '"start"', timezone);
}

function predicate(clause: Clause, field: Field, column: string, words: SqlWords): string {
  const text = field.type === 'text' || field.type === 'address' ? column : words.asText(column);
  switch (clause.kind) {
    case 'in':
      return isOneOf(clause.values, field, column, words);
    case 'contains':
      return words.contains(text, words.textLiteral(clause.text));
    case 'matches':
      return words.matches(text, words.textLiteral(clause.pattern));
    case 'ranges': {
      const tests = clause.ranges.map(
        ({ from, to }) =>
          `(${column} >= ${words.timeLiteral(from)} AND ${column} < ${words.timeLiteral(to)})`,
      );
      return tests.length === 0 ? 'FALSE' : `(${tests.join(' OR ')})`;
    }
    case 'between':
      return between(clause.low, clause.high, field, column, words);
    case 'cidr': {
      const blocks = clause.blocks.map((block) => inBlock(block, column, words));
      return blocks.length === 0 ? 'FALSE' : `(${blocks.join(' OR ')})`;
    }
  }
}

function isOneOf(values: readonly Scalar[], field: Field, column: string, words: SqlWords): string {
  const given = values.filter((value) => value !== null).map((value) => literal(value, field, words));
  const tests = [
    ...(values.includes(null) ? [`${column} IS NULL`] : []),
    ...(given.length === 1 ? [`${column} = ${given[0]}`] : []),
    ...(given.length > 1 ? [`${column} IN (${given.join(', ')})`] : []),
  ];
  return tests.length > 1 ? `(${tests.join(' OR ')})` : (tests[0] ?? 'FALSE');
}

function literal(value: NonNullable<Scalar>, field: Field, words: SqlWords): string {
  if (field.type === 'time') return words.timeLiteral(Number(value));
  return typeof value === 'string' ? words.textLiteral(value) : String(value);
}

function between(
  low: number | null,
  high: number | null,
  field: Field,
  column: string,
  words: SqlWords,
): string {
  const bound = (value: number): string => (field.type === 'time' ? words.timeLiteral(value) : String(value));
  if (low !== null && high !== null) return `${column} BETWEEN ${bound(low)} AND ${bound(high)}`;
  if (low !== null) return `${column} >= ${bound(low)}`;
  return high === null ? `${column} IS NOT NULL` : `${column} <= ${bound(high)}`;
}

/** The view has addresses as text: IPv4 blocks are arithmetic on its four parts; IPv6 blocks can't be said. */
function inBlock(text: string, column: string, words: SqlWords): string {
  const block = parseBlock(text);
  if (block === null || block.version === 6) return `FALSE /* in ${text}: not to be said over the view */`;
  const whole = wholeParts(block);
  if (whole !== null) {
    const { prefix, parts } = whole;
    return parts === 4
      ? `${column} = '${prefix}'`
      : `(${column} LIKE '${prefix}${parts === 0 ? '' : '.'}%' AND ${column} NOT LIKE '%:%')`;
  }
  const part = (n: number): string => words.ipv4Part(column, n);
  return `((${part(1)} * 256 + ${part(2)}) * 256 + ${part(3)}) * 256 + ${part(4)} BETWEEN ${block.first} AND ${block.last}`;
}

/** The fixed parts of a block that ends between two parts of the address: `10` of 10.0.0.0/8. */
function wholeParts({
  first,
  last,
}: AddressBlock): { readonly prefix: string; readonly parts: number } | null {
  const parts = [1n, 256n, 65_536n, 16_777_216n, 4_294_967_296n].indexOf(last - first + 1n);
  if (parts < 0) return null;
  const octets = [24n, 16n, 8n, 0n].map((shift) => (first >> shift) & 255n);
  return { prefix: octets.slice(0, 4 - parts).join('.'), parts: 4 - parts };
}
