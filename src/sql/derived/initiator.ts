import type { DerivedField } from '../../model/catalog/derived-field.ts';
import { fieldNamed } from '../../model/catalog/fields.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { FlowNeed } from '../flow-need.ts';

/**
 * Who started a conversation (docs/query.md, "Who started it"): a flow's own TCP flags, else its ports, else what the
 * store's other flows of the same two ends say.
 *
 * An end is an address with a port, as one number. A conversation is the flows of two ends at one interface and protocol,
 * both ways. Only flows whose ports leave it open are looked at, few on most networks; of these all that the store has,
 * whatever a question's range and filter, so that a flow has one answer, in whatever order files came in. What they say
 * lies in the table `conversation`, beside the other enrichment tables.
 */

/** SYN and ACK; AWS logs SYN alone as 2, SYN with ACK as 18, and no ACK alone. */
const [SYN, SYN_ACK] = [2, 18];
const TCP = 6;
/** TCP, UDP, DCCP, SCTP. */
const WITH_PORTS = [TCP, 17, 33, 132].join(', ');
/** Seconds: AWS aggregates over ten minutes at most, so an answer is logged that soon, and who is silent for longer has nothing under way. */
const WINDOW = 600;
/** An end that so many times as many others talk to as to the one it talks to is what they come for. */
const MANY_TIMES = 3;

/** The names of the table's columns that everything is made of; without them there is nothing to look at. */
const ENDS: readonly string[] = ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol'];

/** A join of a table of flows, called `r`, with `conversation`; '' where that can't say anything. */
export function joinConversation(columns: ReadonlySet<string>, dialect: Dialect): string {
  if (!hasEnds(columns)) return '';
  const [source, destination] = [endOf('r', 'src', dialect), endOf('r', 'dst', dialect)];
  // Null, and so skipped at once, for all the flows that tell by themselves.
  const low = `CASE WHEN ${isOpen('r', columns)} THEN least(${source}, ${destination}) END`;
  return (
    `LEFT JOIN (SELECT low, high, protocol AS of_protocol, interface, low_began FROM ${dialect.tables.enrichment.conversation}) conv` +
    ` ON conv.low = ${low} AND conv.high = greatest(${source}, ${destination}) AND conv.of_protocol = r.protocol AND conv.interface = ${interfaceOf('r', columns, dialect)}`
  );
}

/** What a derived field takes of the row `r`, joined as above. */
export function startedValue(
  what: Extract<DerivedField['derivation'], { kind: 'start' }>['what'],
  columns: ReadonlySet<string>,
  dialect: Dialect,
): string {
  const of = (name: string): string => column('r', name, columns);
  const as = (name: string, value: string): string => `CAST(${value} AS ${typeOf(name, dialect)})`;
  switch (what) {
    case 'initiator':
      return choice(dialect.derivedWord('source'), dialect.derivedWord('destination'), columns, dialect);
    case 'client_address':
      return as('srcaddr', choice(of('srcaddr'), of('dstaddr'), columns, dialect));
    case 'server_address':
      return as('dstaddr', choice(of('dstaddr'), of('srcaddr'), columns, dialect));
    case 'service_port':
      return as('dstport', choice(of('dstport'), of('srcport'), columns, dialect));
  }
}

/**
 * Whether the source began, as a row of flows alone tells (SYN flags, else ports): true, false, or null where it leaves it open.
 * @param table the rows' alias
 */
export function sourceBegan(table: string, columns: ReadonlySet<string>, dialect: Dialect): string {
  const protocol = column(table, 'protocol', columns);
  const syn = synOf(table, columns, dialect);
  const [from, to] = [rank(table, 'srcport', columns), rank(table, 'dstport', columns)];
  return (
    `(CASE WHEN ${protocol} = ${TCP} AND ${syn} = ${SYN} THEN TRUE WHEN ${protocol} = ${TCP} AND ${syn} = ${SYN_ACK} THEN FALSE` +
    ` WHEN (${protocol} IN (${WITH_PORTS})) IS NOT TRUE THEN NULL WHEN ${from} > ${to} THEN TRUE WHEN ${from} < ${to} THEN FALSE END)`
  );
}

/** One thing where the source, another where the destination began; null where it can't be known. */
function choice(source: string, destination: string, columns: ReadonlySet<string>, dialect: Dialect): string {
  const protocol = column('r', 'protocol', columns);
  const syn = synOf('r', columns, dialect);
  const [from, to] = [rank('r', 'srcport', columns), rank('r', 'dstport', columns)];
  const sourceBegan = `conv.low_began = (${endOf('r', 'src', dialect)} < ${endOf('r', 'dst', dialect)})`;
  return (
    'CASE' +
    ` WHEN ${protocol} = ${TCP} AND ${syn} = ${SYN} THEN ${source}` +
    ` WHEN ${protocol} = ${TCP} AND ${syn} = ${SYN_ACK} THEN ${destination}` +
    ` WHEN (${protocol} IN (${WITH_PORTS})) IS NOT TRUE THEN NULL` +
    ` WHEN ${from} > ${to} THEN ${source} WHEN ${from} < ${to} THEN ${destination}` +
    (hasEnds(columns)
      ? ` WHEN ${sourceBegan} THEN ${source} WHEN NOT (${sourceBegan}) THEN ${destination}`
      : '') +
    ' END'
  );
}

/** The flows that `conversations` looks at, where the others are not at hand. */
export interface OpenFlows {
  /** The table that has them. */
  readonly table: string;
  /** The first start (Unix seconds) of all flows. */
  readonly first: number;
}

/** What `OpenFlows.table` has; null: nothing, since there are no ports or addresses. @param columns those of the flows */
export function openFlowsNeed(columns: ReadonlySet<string>): FlowNeed<Dialect> | null {
  if (!hasEnds(columns)) return null;
  const read = [...ENDS, 'interface_id', 'tcp_flags'];
  return { kind: 'each', columns: read, ranges: null, only: () => isOpen('f', columns) };
}

/**
 * A SELECT of the table `conversation`, of what flows there are now: the conversations of which it is known which end
 * began. Columns: interface, protocol, low, high (the two ends, by their numbers), low_began. Null where there are none to be had.
 *
 * @param open where the flows are that it looks at; null: in the table of all flows
 */
export function conversations(
  columns: ReadonlySet<string>,
  dialect: Dialect,
  open: OpenFlows | null = null,
): string | null {
  if (!hasEnds(columns)) return null;
  const { loggedHours } = dialect.tables;
  const flows = open?.table ?? dialect.tables.flows;
  const oldest =
    open === null ? `(SELECT min(${column('', 'start', columns)}) FROM ${flows})` : String(open.first);
  const ever = (test: string): string => `coalesce(${dialect.anyTrue(test)}, FALSE)`;
  const first = 'least(low_first, high_first)';
  const beginningSeen =
    `${first} - ${WINDOW} >= ${oldest}` +
    ` AND ${dialect.divide(`(${first} - ${WINDOW})`, 3600)} IN (SELECT hour FROM ${loggedHours})`;
  return `
    WITH conversation ${dialect.materialized} (
      SELECT interface, protocol, least(s, d) AS low, greatest(s, d) AS high,
        ${dialect.anyTrue('s < d')} AND ${dialect.anyTrue('s > d')} AS answered,
        min(start) FILTER (WHERE s < d) AS low_first, min(start) FILTER (WHERE s > d) AS high_first,
        ${ever(`syn = ${SYN} AND s < d OR syn = ${SYN_ACK} AND s > d`)} AS low_syn,
        ${ever(`syn = ${SYN} AND s > d OR syn = ${SYN_ACK} AND s < d`)} AS high_syn,
        count(syn) > 0 AS flagged
      FROM (
        SELECT ${interfaceOf('f', columns, dialect)} AS interface, f.protocol AS protocol, ${endOf('f', 'src', dialect)} AS s, ${endOf('f', 'dst', dialect)} AS d,
          CAST(${column('f', 'start', columns)} AS ${dialect.types.whole}) AS start,
          CASE WHEN f.protocol = ${TCP} THEN ${synOf('f', columns, dialect)} END AS syn
        FROM ${flows} f WHERE ${isOpen('f', columns)})
      WHERE s <> d GROUP BY interface, protocol, least(s, d), greatest(s, d)),
    peer_counts AS (
      SELECT protocol, "end", count(DISTINCT other) AS others FROM (
        SELECT protocol, low AS "end", high AS other FROM conversation WHERE answered
        UNION ALL SELECT protocol, high, low FROM conversation WHERE answered)
      GROUP BY protocol, "end")
    SELECT * FROM (
      SELECT c.interface AS interface, c.protocol AS protocol, c.low AS low, c.high AS high, CASE
        WHEN low_syn <> high_syn THEN low_syn
        WHEN low_syn OR NOT answered THEN NULL
        WHEN NOT flagged AND low_first <> high_first AND abs(low_first - high_first) <= ${WINDOW} AND ${beginningSeen}
          THEN low_first < high_first
        WHEN l.others >= ${MANY_TIMES} * h.others THEN FALSE
        WHEN h.others >= ${MANY_TIMES} * l.others THEN TRUE END AS low_began
      FROM conversation c
      LEFT JOIN peer_counts l ON l.protocol = c.protocol AND l."end" = c.low
      LEFT JOIN peer_counts h ON h.protocol = c.protocol AND h."end" = c.high)
    WHERE low_began IS NOT NULL`;
}

/** Whether ports leave it open who began. */
function isOpen(table: string, columns: ReadonlySet<string>): string {
  return `${table}.protocol IN (${WITH_PORTS}) AND ${rank(table, 'srcport', columns)} = ${rank(table, 'dstport', columns)}`;
}

/** Ports below 1024 serve (0), those from 32768 on are clients' (2), and what is between is neither more than the other. */
function rank(table: string, port: string, columns: ReadonlySet<string>): string {
  const value = column(table, port, columns);
  return `CASE WHEN ${value} < 1024 THEN 0 WHEN ${value} < 32768 THEN 1 WHEN ${value} IS NOT NULL THEN 2 END`;
}

function endOf(table: string, end: 'src' | 'dst', dialect: Dialect): string {
  return dialect.endNumber(`${table}.${end}addr`, `${table}.${end}port`);
}

function synOf(table: string, columns: ReadonlySet<string>, dialect: Dialect): string {
  const flags = `CAST(${column(table, 'tcp_flags', columns)} AS ${dialect.types.int})`;
  return dialect.bitAnd(flags, SYN_ACK);
}

function interfaceOf(table: string, columns: ReadonlySet<string>, { noText }: Dialect): string {
  return columns.has('interface_id') ? `coalesce(${table}.interface_id, ${noText})` : noText;
}

function typeOf(name: string, dialect: Dialect): string {
  const field = fieldNamed(name);
  if (field === undefined) throw new TypeError(`no field ${name}`);
  return dialect.storageType(field);
}

function column(table: string, name: string, columns: ReadonlySet<string>): string {
  if (!columns.has(name)) return 'NULL';
  return table === '' ? name : `${table}.${name}`;
}

function hasEnds(columns: ReadonlySet<string>): boolean {
  return ENDS.every((name) => columns.has(name));
}
