import { integerLiteral } from '../binder.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Key } from '../key.ts';
import { type FlowRows, flowRows } from '../flow-rows.ts';
import { LONG, LONGEST, continues, reaches, stopOf } from '../record-times.ts';
import { PAIR_IS_TRY, verdicts } from './pairs.ts';
import {
  acceptedOnly,
  interfaceKey,
  isAction,
  rejectedFlows,
  stored,
  within,
  type SqlScope,
} from './scope.ts';

/** A pair and a source port are one number: the pair's id times this, and the port. */
const PORTS = 131_072;

/** Who was let in where. */
export interface AcceptedPair {
  readonly src: Key;
  readonly dst: Key;
  readonly port: number;
  /** The first and the last hour of the range in which it was; null: not known. */
  readonly hours: readonly [first: number, last: number] | null;
}

/** So many pairs are looked up one by one: a scan for one value of a column takes a tenth of what a scan for several takes. */
const FEW_PAIRS = 6;

/** Pairs that are to be counted exactly, each for a group of ours: by their ids, all those of a source, or all replies to an address. */
export type Chosen =
  | {
      readonly kind: 'pair';
      readonly group: number;
      readonly id: number;
      /** Null: its flows were not let in. */
      readonly accepted: AcceptedPair | null;
    }
  | { readonly kind: 'source'; readonly group: number; readonly src: Key }
  | {
      readonly kind: 'replies';
      readonly group: number;
      readonly dst: Key;
      readonly interface: Key;
      /** One of `replyKinds`. */
      readonly reply: number;
    };

/** The table `knock_chosen`: the pairs of each group. */
export function createChosen(scope: SqlScope, chosen: readonly Chosen[]): string {
  const { dialect } = scope;
  const pairs = chosen.flatMap((one) =>
    one.kind === 'pair' ? [`(${integerLiteral(one.group)}, ${integerLiteral(one.id)})`] : [],
  );
  const sources = chosen.flatMap((one) =>
    one.kind === 'source' ? [`(${integerLiteral(one.group)}, ${dialect.addressLiteral(one.src)})`] : [],
  );
  const replies = chosen.flatMap((one) =>
    one.kind === 'replies'
      ? [
          `(${integerLiteral(one.group)}, ${dialect.addressLiteral(one.dst)}, ${dialect.keyLiteral(one.interface)}, ${integerLiteral(one.reply)})`,
        ]
      : [],
  );
  const pick = (
    values: readonly string[],
    columns: string,
    on: string,
    isReply: 0 | 1,
  ): readonly string[] => {
    if (values.length === 0) return [];
    const pairColumns = ['id', 'verdict', 'interface', 'src', 'dst', 'port', 'protocol']
      .map((name) => `p.${name} AS ${name}`)
      .join(', ');
    return [
      `SELECT c.grp AS grp, ${isReply} AS replies, ${pairColumns} FROM (VALUES ${values.join(', ')}) c(${columns}) JOIN knock_pair p ON ${on}`,
    ];
  };
  const rejected = `p.verdict = ${verdicts.rejected}`;
  const picks = [
    ...pick(pairs, 'grp, id', 'p.id = c.id', 0),
    ...pick(sources, 'grp, src', `p.src = c.src AND ${rejected} AND ${PAIR_IS_TRY}`, 0),
    ...pick(
      replies,
      'grp, dst, interface, reply',
      `p.dst = c.dst AND p.interface = c.interface AND p.reply = c.reply AND ${rejected}`,
      1,
    ),
  ];
  return dialect.createTemporary('knock_chosen', picks.join(' UNION ALL '));
}

/** A whole number of 64 bits has a bit for each of so many pieces of time, and can still be doubled. */
const PIECES = 62;

/** A connection that was let in is over once it was silent for so long. */
const OVER = 3600;

/**
 * The table `knock_begin`: every attempt of the chosen pairs. Of TCP it is a connection begun, exactly as the measure
 * `connections` counts them but among flows of one verdict, so that a retry in the next window is no second attempt; where
 * TCP flags are logged, one with a SYN. Other protocols have no connections, and without a source port (`tuple` is
 * null) nobody can tell one from another: there every record is one. `knock_row` holds the records.
 * @param letIn whether any rejected pair was accepted at times: then what is refused of a connection that had been let in
 *   (a 5-tuple that was accepted within the hour before, and all that follows it) is its end, which is left out
 * @param acceptedPorts the ports of the accepted flows that are chosen, or were let in
 * @param accepted the chosen pairs that were let in, by their ids
 */
export function createBegins(
  scope: SqlScope,
  letIn: boolean,
  acceptedPorts: readonly number[],
  accepted: ReadonlyMap<number, AcceptedPair>,
): readonly string[] {
  const { dialect } = scope;
  const { types } = dialect;
  const stop = stopOf(scope.columns, dialect, 'f');
  const sourcePort = scope.columns.has('srcport') ? 'f.srcport' : `CAST(NULL AS ${types.int})`;
  // Unknown protocols are taken for TCP, since nearly all attempts are.
  const isTcp = '(c.protocol = 6 OR c.protocol < 0)';
  const flags = scope.columns.has('tcp_flags')
    ? `CASE WHEN ${isTcp} AND f.tcp_flags IS NOT NULL THEN CASE WHEN ${dialect.bitAnd('f.tcp_flags', 18)} = 2 THEN 1 ELSE 0 END END`
    : `CAST(NULL AS ${types.int})`;
  const amount = (name: string): string =>
    scope.columns.has(name) ? `f.${name}` : `CAST(NULL AS ${types.whole})`;
  const reaching = (words: Dialect): string => reaches(integerLiteral(Math.max(0, scope.from - LONG)), scope.columns, words, 'f'); // prettier-ignore
  const flows = (verdict: string): FlowRows =>
    flowRows(dialect, {
      kind: 'each',
      columns: ['interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'tcp_flags', 'bytes', 'end', 'action'],
      ranges: [{ from: scope.from - LONG - LONGEST, to: scope.to }],
      ...acceptedOnly(scope),
      only: (words) => reaching(words),
      among: {
        fields: ['srcaddr', 'dstaddr', 'dstport'],
        select: `SELECT DISTINCT src AS srcaddr, dst AS dstaddr, port AS dstport FROM knock_chosen c WHERE ${verdict}`,
      },
    }); // prettier-ignore
  const rows = (action: 'ACCEPT' | 'REJECT', verdict: string, isOfPair = sameEnds(scope)): string => `
     SELECT c.grp AS grp, c.id AS pair, CASE WHEN ${isTcp} THEN c.id * ${PORTS} + ${sourcePort} END AS tuple, ${isTcp} AS tcp,
       CAST(f.start AS ${types.whole}) AS start, CAST(${stop} AS ${types.whole}) AS stop,
       ${amount('bytes')} AS bytes, CASE WHEN c.replies = 1 THEN NULL ELSE ${flags} END AS syn
     FROM ${(action === 'REJECT' ? rejectedFlows(scope) : flows(verdict)).table} f JOIN (SELECT * FROM knock_chosen c WHERE ${verdict}) c
       ON ${isOfPair}
     WHERE CASE WHEN c.id > 0 THEN c.protocol = ${stored(scope, 'protocol', -1)} ELSE FALSE END AND ${isAction(scope, action)} AND ${within(scope, scope.from - LONG - LONGEST, scope.to)} AND ${reaching(dialect)}`;
  // Rejected flows lie together, and a port is narrow: both keep what need not be read from being read.
  const ports = `f.dstport IN (${acceptedPorts.map(integerLiteral).join(', ')})`;
  const piece = dialect.divide('start', 2 * LONG);
  const pieces = dialect.bitOr(dialect.bit(`${piece} % ${PIECES}`));
  const columns = 'grp, pair, tuple, tcp, start, stop, bytes, syn';
  const rejected = rows('REJECT', `c.verdict = ${verdicts.rejected}`);
  return [
    ...(letIn && acceptedPorts.length > 0
      ? [
          dialect.createTemporary('knock_logged', rejected),
          dialect.createTemporary(
            'knock_open',
            `${rows('ACCEPT', `c.verdict = ${verdicts.rejected} AND c.replies = 0`)} AND ${ports}`,
          ),
          dialect.createTemporary('knock_tail', tails(dialect)),
          dialect.createTemporary(
            'knock_row',
            `SELECT ${columns} FROM knock_logged ${dialect.antiJoin} knock_tail t USING (grp, tuple, start)`,
          ),
        ]
      : [dialect.createTemporary('knock_row', rejected)]),
    ...acceptedRows(scope, accepted).map(
      ({ chosen, isOfPair, flows }) =>
        `INSERT INTO knock_row ${rows('ACCEPT', chosen, isOfPair)} AND ${flows}`,
    ),
    // A row can continue another only if that is long, or starts at most two windows earlier: in the same piece of time, or in the one before.
    // The pieces of most of a day are bits of one number, so that a table of all of them need not be looked up for each row.
    dialect.createTemporary(
      'knock_close',
      `SELECT DISTINCT grp, tuple FROM (
         SELECT grp, tuple FROM knock_row WHERE tuple IS NOT NULL AND stop - start > ${LONG}
         UNION ALL
         SELECT grp, tuple FROM (
           SELECT grp, tuple, count(*) AS n, ${pieces} AS pieces FROM knock_row WHERE tuple IS NOT NULL GROUP BY grp, tuple, ${dialect.divide('start', 2 * LONG * PIECES)}) p
         WHERE ${dialect.bitCount('pieces')} < n OR ${dialect.bitAnd('pieces', '2 * pieces')} <> 0
         UNION ALL
         SELECT grp, tuple FROM (SELECT grp, tuple, ${piece} AS piece FROM knock_row WHERE ${piece} % ${PIECES} = 0) a
         ${dialect.semiJoin} (SELECT grp, tuple, ${piece} + 1 AS piece FROM knock_row WHERE ${piece} % ${PIECES} = ${PIECES - 1}) b USING (grp, tuple, piece)) c`,
    ),
    dialect.createTemporary(
      'knock_begin',
      `SELECT grp, pair, tuple, tcp, start, stop, bytes, syn FROM (
         SELECT ${columns} FROM knock_row ${dialect.antiJoin} knock_close USING (grp, tuple)
         UNION ALL
         SELECT ${columns} FROM (
           SELECT ${columns}, (${continues('start')}) IS NOT TRUE AS begins
           FROM knock_row ${dialect.semiJoin} knock_close USING (grp, tuple)
           WINDOW w AS (PARTITION BY grp, tuple ORDER BY start, stop ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) s
         WHERE begins) a
       WHERE start >= ${integerLiteral(scope.from)} AND coalesce(syn, 1) = 1`,
    ),
  ];
}

/** Conditions by which the flows of pairs that were let in are found: of the chosen pairs `c`, of both, and of the flows `f`. */
function acceptedRows(
  scope: SqlScope,
  accepted: ReadonlyMap<number, AcceptedPair>,
): readonly { readonly chosen: string; readonly isOfPair: string; readonly flows: string }[] {
  const { dialect } = scope;
  const chosen = `c.verdict <> ${verdicts.rejected}`;
  if (accepted.size > FEW_PAIRS) {
    const ports = new Set([...accepted.values()].map(({ port }) => port));
    return [{ chosen, isOfPair: sameEnds(scope), flows: `f.dstport IN (${[...ports].map(integerLiteral).join(', ')})` }];
  }
  const start = integerLiteral(Math.floor(scope.from / 3600));
  return [...accepted].map(([id, { src, dst, port, hours }]) => ({
    chosen: `${chosen} AND c.id = ${integerLiteral(id)}`,
    // Not by the addresses too: a database would look for each in the flows twice.
    isOfPair: `c.interface = ${interfaceKey(scope)}`,
    flows: [
      `f.srcaddr = ${dialect.addressLiteral(src)}`,
      `f.dstaddr = ${dialect.addressLiteral(dst)}`,
      `f.dstport = ${integerLiteral(port)}`,
      // From before the range come those that reach into it.
      ...(hours === null ? [] : [`(f.hour <= ${start} OR f.hour >= ${integerLiteral(hours[0])}) AND f.hour <= ${integerLiteral(hours[1])}`]),
    ].join(' AND '),
  }));
} // prettier-ignore

/** Rejected rows of connections that had been let in. Columns: grp, tuple, start. */
function tails(dialect: Dialect): string {
  const order = 'PARTITION BY grp, tuple ORDER BY start, accepted DESC, stop';
  return `
    WITH all_rows AS (
      SELECT grp, tuple, start, stop, 1 AS accepted FROM knock_open WHERE tuple IS NOT NULL
      UNION ALL
      SELECT grp, tuple, start, stop, 0 FROM knock_logged
      ${dialect.semiJoin} (SELECT DISTINCT grp, tuple FROM knock_open WHERE tuple IS NOT NULL) o USING (grp, tuple)),
    gaps AS (
      SELECT grp, tuple, start, stop, accepted,
        CASE WHEN max(stop) OVER (${order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) >= start - ${OVER} THEN 0 ELSE 1 END AS fresh
      FROM all_rows),
    sessions AS (
      SELECT grp, tuple, start, stop, accepted, sum(fresh) OVER (${order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS session FROM gaps),
    known AS (
      SELECT grp, tuple, start, accepted,
        max(accepted) OVER (PARTITION BY grp, tuple, session ORDER BY start, accepted DESC, stop ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS open
      FROM sessions)
    SELECT DISTINCT grp, tuple, start FROM known WHERE accepted = 0 AND open = 1`;
}

/** That a flow or sum `f` is of the chosen pair `c`. */
export function sameTarget(scope: SqlScope): string {
  return `${sameEnds(scope)} AND c.protocol = ${stored(scope, 'protocol', -1)}`;
}

/** The same but for the protocol, which hardly ever tells two apart that have the rest in common. */
function sameEnds(scope: SqlScope): string {
  return `c.src = f.srcaddr AND c.dst = f.dstaddr AND c.port = ${stored(scope, 'dstport', -1)} AND c.interface = ${interfaceKey(scope)}`;
}

/** Takes the tables away again. */
export function dropAll(dialect: Dialect): readonly string[] {
  return [
    'knock_tried', 'knock_asked', 'knock_pair', 'knock_quiet', 'knock_answer', 'knock_back', 'knock_left', 'knock_late',
    'knock_chosen', 'knock_logged', 'knock_open', 'knock_tail', 'knock_row', 'knock_close', 'knock_begin', 'knock_accounted', 'knock_reply_out',
  ].map((name) => dialect.dropTemporary(name)); // prettier-ignore
}
