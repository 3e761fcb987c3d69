import { fields } from '../model/catalog/fields.ts';
import { layoutOf } from './field-layout.ts';
import type { Layout } from './field-layout.ts';

/** CloudWatch Logs Insights, and the table for Athena in AWS's documentation, call them by these names. */
const ALSO: readonly (readonly [string, string])[] = [
  ['starttime', 'start'],
  ['endtime', 'end'],
  ['account', 'account-id'],
  ['sourceaddress', 'srcaddr'],
  ['destinationaddress', 'dstaddr'],
  ['sourceport', 'srcport'],
  ['destinationport', 'dstport'],
  ['numpackets', 'packets'],
  ['numbytes', 'bytes'],
];

const byLetters: ReadonlyMap<string, string> = new Map([
  ...ALSO,
  ...fields.map((field) => [letters(field.aws), field.aws] as const),
]);

function letters(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}

/**
 * The AWS name of the field that a key or column means: `srcaddr`, `src_addr`, `srcAddr` and
 * `SRCADDR` are one. Undefined if the catalog has none.
 */
export function awsName(name: string): string | undefined {
  return byLetters.get(letters(name));
}

/** Whether a column holds what Logs Insights adds up with `stats`, such as `count(*)`: then a row is no record. */
export function isSumName(name: string): boolean {
  return /^(?:count|count_distinct|sum|avg|min|max|pct|stddev|earliest|latest)\s*\(/i.test(name);
}

/** Which of some keys or columns holds the time of the event that a record came in; null if none does. */
export function stampName(names: readonly string[]): string | null {
  for (const stamp of ['@timestamp', 'timestamp', '_time']) {
    const name = names.find((candidate) => candidate.toLowerCase() === stamp);
    if (name !== undefined) return name;
  }
  return null;
}

/** The layout of records whose values have these names, or the reason why there is none. */
export function layoutOfKeys(names: readonly string[]): Layout | string {
  const layout = layoutOf(names.map((name) => awsName(name) ?? name));
  return typeof layout === 'string' ? layout.replace('the header names', 'the record names') : layout;
}

/** Fields of which a record has at least one; it may be that something else has a `type` and a `version`. */
const TELLING = new Set(
  'interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr tgw-id tgw-attachment-id log-status'.split(' '),
);

/** Whether something with these names is a flow-log record. */
export function tellsFlow(names: Iterable<string>): boolean {
  for (const name of names) {
    const field = awsName(name);
    if (field !== undefined && TELLING.has(field)) return true;
  }
  return false;
}
