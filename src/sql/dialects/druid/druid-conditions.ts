import type { Field } from '../../../model/catalog/field.ts';
import { type AddressBlock, parseBlock } from '../../../model/query/address-block.ts';
import { canonicalIpv6 } from '../../../model/query/ip-address.ts';
import type { Clause } from '../../../model/query/query.ts';
import type { ResolvedRange } from '../../../model/time/range.ts';
import { secondsOf } from '../../plan/range-seconds.ts';
import { numberBetween, storedNumbers } from '../number-conditions.ts';
import { HAS_START, START_SECOND, quote, timestamp } from './druid-layout.ts';

/** So many blocks of addresses are tested one by one; more are left to who reads the rows. */
const MOST_BLOCKS = 200;

/** What Druid can tell of a clause. */
export interface PushedCondition {
  /** True for every row that the clause is true for. */
  readonly sql: string;
  /** Whether it is true for no other row: then nobody else has to look. */
  readonly exact: boolean;
}

/**
 * A clause as a condition on Druid's rows; null: Druid can't tell, so all rows may match. Texts are bound by `bind`.
 * Patterns (`matches`) are none of its: Java's regular expressions are not RE2's.
 */
export function pushedCondition(
  clause: Clause,
  field: Field,
  bind: (text: string) => string,
): PushedCondition | null {
  const column =
    field.name === 'start' ? `CASE WHEN ${HAS_START} THEN ${START_SECOND} END` : quote(field.name);
  const namesNull = clause.kind === 'in' && clause.values.includes(null);
  const exactly = (positive: string): PushedCondition => ({
    sql: turned(column, positive, namesNull, clause.not),
    exact: true,
  });
  switch (clause.kind) {
    case 'in':
      return exactly(
        isOneOf(
          field,
          column,
          clause.values.filter((value) => value !== null),
          bind,
        ),
      );
    case 'between':
      return exactly(numberBetween(field, column, clause.low, clause.high, String));
    case 'cidr': {
      const blocks = clause.blocks.flatMap((block) => parseBlock(block) ?? []);
      return blocks.length > MOST_BLOCKS ? null : exactly(inBlocks(column, blocks));
    }
    case 'contains':
      return contains(field, column, clause.text, clause.not, bind);
    case 'ranges':
      return exactly(
        clause.ranges.length === 0
          ? 'FALSE'
          : clause.ranges
              .map((range) => {
                const { from, to } = secondsOf(range);
                return `(${column} >= ${from} AND ${column} < ${to})`;
              })
              .join(' OR '),
      );
    case 'matches':
      return null;
  }
}

/** A condition that is never null, which keeps rows of a range; rows without a start are in none. */
export function inRange(range: ResolvedRange): string {
  const { from, to } = secondsOf(range);
  return from >= to ? 'FALSE' : `("__time" >= ${timestamp(from)} AND "__time" < ${timestamp(to)})`;
}

function turned(column: string, positive: string, namesNull: boolean, not: boolean): string {
  if (!not) return namesNull ? `(${column} IS NULL OR (${positive}))` : `(${positive})`;
  return namesNull
    ? `(${column} IS NOT NULL AND NOT (${positive}))`
    : `(${column} IS NULL OR NOT (${positive}))`;
}

function isOneOf(
  field: Field,
  column: string,
  values: readonly (string | number | bigint | boolean)[],
  bind: (text: string) => string,
): string {
  const isText = field.type === 'text' || field.type === 'address';
  const list = isText
    ? values.map(String).map((text) => bind(field.type === 'address' ? canonical(text) : text))
    : storedNumbers(field, values).map(String);
  return list.length === 0 ? 'FALSE' : `${column} IN (${list.join(', ')})`;
}

/** An address as logs are decoded; what is none stays as it is. */
function canonical(text: string): string {
  return canonicalIpv6(text) ?? text;
}

function inBlocks(column: string, blocks: readonly AddressBlock[]): string {
  const tests = blocks.map(({ version, first, last }) => {
    const bits = version === 4 ? 32 : 128;
    const length = bits - (last - first + 1n).toString(2).length + 1;
    return `IPV${version}_MATCH(${column}, '${addressText(version, first)}/${length}')`;
  });
  return tests.length === 0 ? 'FALSE' : tests.join(' OR ');
}

/** IPv6 with all its eight parts: no reader may take it for anything else. */
function addressText(version: 4 | 6, value: bigint): string {
  const [parts, bits, radix] = version === 4 ? [4, 8n, 10] : [8, 16n, 16];
  const part = (i: number): string =>
    ((value >> (BigInt(parts - 1 - i) * bits)) & ((1n << bits) - 1n)).toString(radix);
  return Array.from({ length: parts }, (_, i) => part(i)).join(version === 4 ? '.' : ':');
}

/** Of letters beyond ASCII Java and DuckDB may differ: texts with such are for who reads the rows. */
function contains(
  field: Field,
  column: string,
  text: string,
  not: boolean,
  bind: (text: string) => string,
): PushedCondition | null {
  if ((field.type !== 'text' && field.type !== 'address') || !/^[\x20-\x7e]+$/.test(text)) return null;
  const has = `ICONTAINS_STRING(${column}, ${bind(text)})`;
  if (field.type === 'address') return { sql: turned(column, has, false, not), exact: true };
  const unsure = `REGEXP_LIKE(${column}, '[^\\x00-\\x7F]')`;
  return {
    sql: not ? `(${column} IS NULL OR NOT ${has} OR ${unsure})` : `(${has} OR ${unsure})`,
    exact: false,
  };
}
