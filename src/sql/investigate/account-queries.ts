import { integerLiteral } from '../binder.ts';
import type { Key } from '../key.ts';
import { LEAST_RECORDS, replyKinds, verdicts } from './pairs.ts';
import { isAction, within, type SqlScope } from './scope.ts';

/** What rejected flows are that no finding tells. */
export type RestKind = 'replies' | 'few' | 'irregular' | 'scans' | 'inside' | 'nameless';

/**
 * How many rejected flows each finding accounts for, and of which kind the rest is: every pair of `knock_pair` is in one
 * row. `knock_told` says which pairs and sources findings tell. Columns:
 * finding (null: none), kind of the rest, records, sources.
 */
export function account(
  told: {
    readonly pairs: readonly (readonly [
      pair: Readonly<Record<'interface' | 'src' | 'dst', Key> & Record<'port' | 'protocol', number>>,
      finding: number,
    ])[];
    /** All that they tried. */
    readonly sources: readonly (readonly [src: Key, finding: number])[];
    /** Late replies, by where they came. */
    readonly replies: readonly (readonly [
      reply: Readonly<Record<'dst' | 'interface', Key> & Record<'reply', number>>,
      finding: number,
    ])[];
  },
  { dialect }: SqlScope,
  ours: string,
): readonly string[] {
  const values = (rows: readonly string[], none: string): string =>
    rows.length === 0 ? `SELECT ${none} WHERE FALSE` : `VALUES ${rows.join(', ')}`;
  // Both ends may have logged an attempt: a pair is told at every interface.
  const pairs = told.pairs.map(
    ([{ src, dst, port, protocol }, finding]) =>
      `(${dialect.addressLiteral(src)}, ${dialect.addressLiteral(dst)}, ${integerLiteral(port)}, ${integerLiteral(protocol)}, ${integerLiteral(finding)})`,
  );
  const sources = told.sources.map(
    ([src, finding]) => `(${dialect.addressLiteral(src)}, ${integerLiteral(finding)})`,
  );
  const replies = told.replies.map(
    ([{ dst, interface: face, reply }, finding]) =>
      `(${dialect.addressLiteral(dst)}, ${dialect.keyLiteral(face)}, ${integerLiteral(reply)}, ${integerLiteral(finding)})`,
  );
  const none = dialect.addressLiteral(dialect.keyOfIpv4(0));
  const text = (kind: RestKind | ''): string => `'${kind}'`;
  return [
    dialect.dropTemporary('knock_told'),
    dialect.createTemporary(
      'knock_told',
      `WITH by_pair AS (SELECT * FROM (${values(pairs, `${none}, ${none}, 0, 0, 0`)}) t(told_src, told_dst, told_port, told_protocol, finding)),
       by_source AS (SELECT * FROM (${values(sources, `${none}, 0`)}) t(told_src, finding)),
       by_reply AS (SELECT * FROM (${values(replies, `${none}, ${dialect.noText}, 0, 0`)}) t(told_dst, told_interface, told_reply, finding))
       SELECT p.id AS id, p.src AS src, p.records AS records, p.reply AS reply, ${ours} AS inside,
         sum(p.records) OVER (PARTITION BY p.src) AS total, max(p.records) OVER (PARTITION BY p.src) AS most,
         coalesce(by_pair.finding, by_reply.finding, CASE WHEN p.reply = ${replyKinds.none} THEN by_source.finding END) AS finding
       FROM (SELECT * FROM knock_pair WHERE verdict = ${verdicts.rejected}) p
       LEFT JOIN by_pair ON by_pair.told_src = p.src AND by_pair.told_dst = p.dst AND by_pair.told_port = p.port AND by_pair.told_protocol = p.protocol
       LEFT JOIN by_source ON by_source.told_src = p.src
       LEFT JOIN by_reply ON by_reply.told_dst = p.dst AND by_reply.told_interface = p.interface AND by_reply.told_reply = p.reply`,
    ),
    `SELECT finding, kind, sum(records), count(DISTINCT src) FROM (
       SELECT finding, records, src, CASE
         WHEN finding IS NOT NULL THEN ${text('')}
         WHEN reply > ${replyKinds.none} THEN ${text('replies')}
         WHEN inside THEN ${text('inside')}
         WHEN total < ${LEAST_RECORDS} THEN ${text('few')}
         WHEN most < ${LEAST_RECORDS} THEN ${text('scans')}
         ELSE ${text('irregular')} END AS kind
       FROM knock_told) t
     GROUP BY finding, kind`,
  ];
}

/** How many rejected flows of the range name no source or no destination: they are in no pair. Columns: flows. */
export function flowsWithoutAddresses(scope: SqlScope): string {
  return `SELECT count(*) FROM ${scope.dialect.tables.flows} f WHERE ${isAction(scope, 'REJECT')} AND (f.srcaddr IS NULL OR f.dstaddr IS NULL) AND ${within(scope, scope.from, scope.to)}`;
}
