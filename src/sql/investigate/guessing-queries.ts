import { sourceBegan } from '../derived/initiator.ts';
import { integerLiteral } from '../binder.ts';
import type { Key } from '../key.ts';
import { flowRows } from '../flow-rows.ts';
import { endOf } from '../record-times.ts';
import { carriesData, isReset } from './answers-queries.ts';
import { loginPorts, shellPorts } from './pairs.ts';
import { surelyLasts } from './session-seconds.ts';
import { interfaceKey, isAction, isOurs, stored, within, type SqlScope } from './scope.ts';

/** So many sources are looked at, the busiest at ports for logging in first. */
const MOST_GUESSERS = 2000;
/** So many sessions of a source are looked at, the heaviest first. */
const MOST_SESSIONS = 5;
/** So many sources that guess and have heavy sessions are judged. */
const MOST_FOUND = 500;
/** Fewer records at ports for logging in are no guessing. */
const LEAST_RECORDS = 50;
/** … and so few in the busiest hour are none that anybody has to look at. */
const LEAST_AN_HOUR = 40;
/** Records of a 5-tuple that lie so close together, in seconds, are one session: AWS aggregates over ten minutes at most. */
const WINDOW = 600;

/** A guess at a password ends within so many seconds (OpenSSH waits for two minutes) … */
const GUESS_SECONDS = 180;
/** … says so much at least, which a look whether the port is open doesn't, and moves so much at most, both ways together. Bytes. */
const LEAST_GUESS_BYTES = 400;
const MOST_GUESS_BYTES = 16_000;
/** A session that did something lasts so many seconds with so many packets, or moves so many bytes. */
const SESSION_SECONDS = 300;
const SESSION_PACKETS = 100;
const SESSION_BYTES = 60_000;

/** Which fields these statements need beside those of tries. */
export const fieldsOfSessions: readonly string[] = ['srcport', 'dstport', 'protocol', 'packets', 'bytes'];

const tables = ['guess_source', 'guess_row', 'guess_session'];

export function dropGuesses({ dialect }: SqlScope): readonly string[] {
  return tables.map((name) => dialect.dropTemporary(name));
}

/**
 * The table `guess_session`: what busy sources did at ports for logging in, connection by connection (records of one 5-tuple at one
 * interface, both ways, that follow each other). Columns: src, interface, dst, port, sport, start, stop, sent and answered (bytes),
 * packets (both ways), rejected (0 or 1), guess and heavy (0 or 1), hour.
 */
export function createSessions(scope: SqlScope, own: readonly Key[]): readonly string[] {
  const { dialect } = scope;
  const { whole } = dialect.types;
  const number = (name: string): string => stored(scope, name, -1);
  // At databases and mailboxes machines of ours come and go all the time: of them only who tries to log in to machines counts.
  const shells = shellPorts.map(integerLiteral).join(', ');
  const ports = loginPorts.map(integerLiteral).join(', ');
  const stop = `CAST(${endOf(scope.columns, dialect, 'f')} AS ${whole})`;
  const amount = (name: string): string => `coalesce(CAST(f.${name} AS ${whole}), 0)`;
  const flows = (end: 'srcaddr' | 'dstaddr', port: string): string =>
    flowRows(dialect, {
      kind: 'each',
      columns: ['interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'tcp_flags', 'packets', 'bytes', 'end', 'action'],
      ranges: [scope],
      among: { fields: [end], select: `SELECT src AS ${end} FROM guess_source` },
      only: () => `f.protocol = 6 AND f.${port} IN (${ports})`,
    }).table; // prettier-ignore
  const came = (
    columns: readonly string[],
    rest: string,
    end: 'srcaddr' | 'dstaddr',
    from: string,
  ): string => `
    SELECT ${columns.join(', ')}, CAST(f.start AS ${whole}) AS start, ${stop} AS stop, ${rest}
    FROM ${from} f JOIN guess_source g ON g.src = f.${end} WHERE f.protocol = 6 AND ${within(scope, scope.from, scope.to)}`;
  const asked = came(
    [`${interfaceKey(scope)} AS interface`, 'f.srcaddr AS src', 'f.dstaddr AS dst', `${number('dstport')} AS port`, `${number('srcport')} AS sport`],
    `${amount('bytes')} AS sent, CAST(0 AS ${whole}) AS answered, ${amount('packets')} AS packets, CASE WHEN ${isAction(scope, 'REJECT')} THEN 1 ELSE 0 END AS rejected, 0 AS spoke`,
    'srcaddr',
    flows('srcaddr', 'dstport'),
  ); // prettier-ignore
  const answered = came(
    [`${interfaceKey(scope)} AS interface`, 'f.dstaddr AS src', 'f.srcaddr AS dst', `${number('srcport')} AS port`, `${number('dstport')} AS sport`],
    `CAST(0 AS ${whole}) AS sent, ${amount('bytes')} AS answered, ${amount('packets')} AS packets, 0 AS rejected, CASE WHEN ${carriesData(scope)} THEN 1 ELSE 0 END AS spoke`,
    'dstaddr',
    flows('dstaddr', 'srcport'),
  ); // prettier-ignore
  const tuple = 'src, interface, dst, port, sport';
  const began = sourceBegan('f', scope.columns, dialect);
  return [
    dialect.createTemporary(
      'guess_source',
      `SELECT src FROM (
         SELECT f.srcaddr AS src, f.hour AS hour, sum(CASE WHEN ${isAction(scope, 'ACCEPT')} THEN f.flows ELSE 0 END) AS let_in,
           sum(CASE WHEN ${isAction(scope, 'REJECT')} OR f.bytes <= ${MOST_GUESS_BYTES} * f.flows THEN f.flows ELSE 0 END) AS small
         FROM access_hour f
         WHERE f.protocol = 6 AND f.dstport IN (${ports}) AND (f.dstport IN (${shells}) OR NOT ${isOurs('f.srcaddr', own, dialect)})
         GROUP BY f.srcaddr, f.hour) s
       GROUP BY src HAVING sum(small) >= ${LEAST_RECORDS} AND max(small) >= ${LEAST_AN_HOUR} AND sum(let_in) > 0
       ORDER BY sum(small) DESC, src LIMIT ${MOST_GUESSERS}`,
    ),
    dialect.createTemporary(
      'guess_row',
      `${asked} AND f.dstport IN (${ports}) AND ${began} IS NOT FALSE AND f.dstaddr IS NOT NULL
       UNION ALL
       ${answered} AND f.srcport IN (${ports}) AND ${began} IS NOT TRUE AND f.srcaddr IS NOT NULL AND NOT ${isReset(scope)}`,
    ),
    dialect.createTemporary(
      'guess_session',
      `SELECT s.*, ${dialect.divide('start', 3600)} AS hour,
         CASE WHEN rejected = 1 OR spoke = 1 AND lasts <= ${GUESS_SECONDS} AND sent >= ${LEAST_GUESS_BYTES} AND sent + answered <= ${MOST_GUESS_BYTES} THEN 1 ELSE 0 END AS guess,
         CASE WHEN rejected = 0 AND spoke = 1 AND sent > 0 AND (lasts >= ${SESSION_SECONDS} AND packets >= ${SESSION_PACKETS} OR sent + answered >= ${SESSION_BYTES}) THEN 1 ELSE 0 END AS heavy
       FROM (
         SELECT ${tuple}, min(start) AS start, max(stop) AS stop, ${surelyLasts()} AS lasts, ${dialect.sum('sent')} AS sent, ${dialect.sum('answered')} AS answered,
           ${dialect.sum('packets')} AS packets, max(rejected) AS rejected, max(spoke) AS spoke
         FROM (
           SELECT n.*, sum(begins) OVER (PARTITION BY ${tuple} ORDER BY start, stop, sent, answered ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run FROM (
             SELECT r.*, CASE WHEN max(stop) OVER (PARTITION BY ${tuple} ORDER BY start, stop, sent, answered ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) >= start - ${WINDOW} THEN 0 ELSE 1 END AS begins
             FROM guess_row r) n) c
         GROUP BY ${tuple}, run) s
       WHERE sent > 0`,
    ),
  ];
}

/**
 * Sources with enough guesses and a heavy session. Columns: src, connections, guesses, heavy sessions, addresses and ports guessed at,
 * last guess, and of guesses that were answered: how many, bytes both ways, sum of the squares of these.
 */
export function guessingSources(dialect: SqlScope['dialect']): string {
  const answered = (value: string): string =>
    dialect.sum(`CASE WHEN guess = 1 AND rejected = 0 THEN ${value} ELSE 0 END`);
  return `
    SELECT src, count(*), sum(guess), sum(heavy), count(DISTINCT (dst, port)) FILTER (WHERE guess = 1), max(CASE WHEN guess = 1 THEN start END),
      ${answered('1')}, ${answered('sent + answered')}, ${answered('(sent + answered) * (sent + answered)')}
    FROM guess_session GROUP BY src HAVING sum(guess) >= ${LEAST_RECORDS} AND sum(heavy) > 0 ORDER BY sum(guess) DESC, src LIMIT ${MOST_FOUND}`;
}

/**
 * The first heavy session of some sources, and the heaviest after it. Columns: src, interface, dst, port, sport, start, stop, sent, answered, packets,
 * guesses of the source before it.
 */
export function heavySessions(dialect: SqlScope['dialect'], sources: readonly Key[]): string {
  return `
    SELECT src, interface, dst, port, sport, start, stop, sent, answered, packets, guesses FROM (
      SELECT s.*, row_number() OVER (PARTITION BY src ORDER BY start, stop, dst, port, sport) AS turn,
        row_number() OVER (PARTITION BY src ORDER BY sent + answered DESC, start, sport) AS place
      FROM (
        SELECT g.*, sum(guess) OVER (PARTITION BY src ORDER BY start, stop, dst, port, sport ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS guesses
        FROM guess_session g WHERE ${among(dialect, sources)}) s
      WHERE heavy = 1) r
    WHERE turn = 1 OR place <= ${MOST_SESSIONS} ORDER BY src, start, stop, dst, port, sport`;
}

/** Connections of some sources by the hour. Columns: src, hour, connections, first, last, guesses. */
export function sessionHours(dialect: SqlScope['dialect'], sources: readonly Key[]): string {
  return `
    SELECT src, hour, count(*), min(start), max(start), sum(guess) FROM guess_session
    WHERE ${among(dialect, sources)} GROUP BY src, hour ORDER BY src, hour`;
}

function among(dialect: SqlScope['dialect'], sources: readonly Key[]): string {
  return `src IN (${sources.map((key) => dialect.addressLiteral(key)).join(', ')})`;
}
