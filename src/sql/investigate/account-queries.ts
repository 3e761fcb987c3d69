import { integerLiteral } from '../binder.ts';
import type { Key } from '../key.ts';
import { LEAST_RECORDS, replyKinds, verdicts } from './pairs.ts';
import { isAction, rejectedFlows, within, type SqlScope } from './scope.ts';

/** What rejected flows are that belong to no finding. */
export type RestKind = 'replies' | 'replies_out' | 'few' | 'irregular' | 'scans' | 'inside' | 'nameless';

/** A source at a port of an address, as an interface logs it. */
export type AccountedPair = Readonly<
  Record<'interface' | 'src' | 'dst', Key> & Record<'port' | 'protocol', number>
>;

/** Which pairs belong to each finding. */
export interface Accounted {
  readonly pairs: readonly (readonly [pair: AccountedPair, finding: number])[];
  /** Pairs that a finding accounts for only if no other does. */
  readonly otherwise: readonly (readonly [pair: AccountedPair, finding: number])[];
  /** All that they tried. */
  readonly sources: readonly (readonly [src: Key, finding: number])[];
  /** Late replies, by where they came. */
  readonly replies: readonly (readonly [
    reply: Readonly<Record<'dst' | 'interface', Key> & Record<'reply', number>>,
    finding: number,
  ])[];
}

/**
 * How many rejected flows each finding accounts for, and of which kind the rest is: every pair of `knock_pair` is in one
 * row. `knock_accounted` says which finding a pair, source or reply belongs to. Columns:
 * finding (null: none), kind of the rest, records, sources.
 * @param isOurs the condition that a column's address is one of ours
 */
export function account(
  accounted: Accounted,
  { dialect }: SqlScope,
  isOurs: (column: string) => string,
): readonly string[] {
  const none = dialect.addressLiteral(dialect.keyOfIpv4(0));
  const values = (rows: readonly string[], none: string): string =>
    rows.length === 0 ? `SELECT ${none} WHERE FALSE` : `VALUES ${rows.join(', ')}`;
  const once = (keys: string, rows: string): string =>
    `SELECT ${keys}, min(finding) AS finding FROM (${rows}) t(${keys}, finding) GROUP BY ${keys}`;
  // Both ends may have logged an attempt: a pair counts at every interface. One that is named twice is counted once.
  const byPair = (rows: Accounted['pairs'], keys: readonly string[]): string =>
    once(
      keys.join(', '),
      values(
        rows.map(
          ([{ src, dst, port, protocol }, finding]) =>
            `(${dialect.addressLiteral(src)}, ${dialect.addressLiteral(dst)}, ${integerLiteral(port)}, ${integerLiteral(protocol)}, ${integerLiteral(finding)})`,
        ),
        `${none}, ${none}, 0, 0, 0`,
      ),
    );
  const sources = accounted.sources.map(
    ([src, finding]) => `(${dialect.addressLiteral(src)}, ${integerLiteral(finding)})`,
  );
  const replies = accounted.replies.map(
    ([{ dst, interface: face, reply }, finding]) =>
      `(${dialect.addressLiteral(dst)}, ${dialect.keyLiteral(face)}, ${integerLiteral(reply)}, ${integerLiteral(finding)})`,
  );
  const text = (kind: RestKind | ''): string => `'${kind}'`;
  return [
    dialect.createTemporary(
      'knock_accounted',
      `WITH by_pair AS (${byPair(accounted.pairs, ['accounted_src', 'accounted_dst', 'accounted_port', 'accounted_protocol'])}),
       otherwise AS (${byPair(accounted.otherwise, ['other_src', 'other_dst', 'other_port', 'other_protocol'])}),
       by_source AS (${once('accounted_src', values(sources, `${none}, 0`))}),
       by_reply AS (${once('accounted_dst, accounted_interface, accounted_reply', values(replies, `${none}, ${dialect.noText}, 0, 0`))})
       SELECT p.id AS id, p.src AS src, p.records AS records, p.reply AS reply, ${isOurs('p.src')} AS inside, ${isOurs('p.dst')} AS to_inside,
         sum(p.records) OVER (PARTITION BY p.src) AS total, max(p.records) OVER (PARTITION BY p.src) AS most,
         coalesce(by_pair.finding, by_reply.finding, CASE WHEN p.reply = ${replyKinds.none} THEN by_source.finding END, otherwise.finding) AS finding
       FROM (SELECT * FROM knock_pair WHERE verdict = ${verdicts.rejected}) p
       LEFT JOIN by_pair ON by_pair.accounted_src = p.src AND by_pair.accounted_dst = p.dst AND by_pair.accounted_port = p.port AND by_pair.accounted_protocol = p.protocol
       LEFT JOIN otherwise ON otherwise.other_src = p.src AND otherwise.other_dst = p.dst AND otherwise.other_port = p.port AND otherwise.other_protocol = p.protocol
       LEFT JOIN by_source ON by_source.accounted_src = p.src
       LEFT JOIN by_reply ON by_reply.accounted_dst = p.dst AND by_reply.accounted_interface = p.interface AND by_reply.accounted_reply = p.reply`,
    ),
    `SELECT finding, kind, sum(records), count(DISTINCT src) FROM (
       SELECT finding, records, src, CASE
         WHEN finding IS NOT NULL THEN ${text('')}
         WHEN reply > ${replyKinds.none} AND inside AND NOT to_inside THEN ${text('replies_out')}
         WHEN reply > ${replyKinds.none} THEN ${text('replies')}
         WHEN inside THEN ${text('inside')}
         WHEN total < ${LEAST_RECORDS} THEN ${text('few')}
         WHEN most < ${LEAST_RECORDS} THEN ${text('scans')}
         ELSE ${text('irregular')} END AS kind
       FROM knock_accounted) t
     GROUP BY finding, kind`,
  ];
}

/** How many rejected flows of the range name no source or no destination: they are in no pair. Columns: flows. */
export function flowsWithoutAddresses(scope: SqlScope): string {
  return `SELECT count(*) FROM ${rejectedFlows(scope).table} f WHERE ${isAction(scope, 'REJECT')} AND (f.srcaddr IS NULL OR f.dstaddr IS NULL) AND ${within(scope, scope.from, scope.to)}`;
}
