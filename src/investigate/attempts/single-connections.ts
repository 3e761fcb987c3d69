import { exposedPort } from '../exposure/exposed-ports.ts';
import { verdicts } from '../../sql/investigate/pairs.ts';
import type { CountedScan, CountedSuspect } from './collect.ts';
import { PORT_REPEATS, PORT_REPEATS_IN_AN_HOUR } from './counts.ts';

/** The fewest attempts that count as repeated. */
export const LEAST_ATTEMPTS = 8;
/** Of records that may be one connection, so many begin anew after a pause. */
const ONE_CONNECTION_SHARE = 0.05;

/**
 * Whether records without source ports may all belong to one connection, apart from pauses: then repeated attempts and one
 * long connection cannot be distinguished.
 */
export function mayBeOneConnection({ portless }: Pick<CountedSuspect, 'portless'>): boolean {
  if (portless === null) return false;
  return portless.connections < Math.max(LEAST_ATTEMPTS, ONE_CONNECTION_SHARE * portless.records);
}

/** Whether they almost certainly do: the connection had been accepted, so a rule change cut it. */
export function isCutConnection(suspect: CountedSuspect): boolean {
  return mayBeOneConnection(suspect) && letInUntil(suspect) !== null;
}

/**
 * Whether attempts over TCP are a few connections that send again after pauses, for hours or days: their source ports come
 * again and again. TCP flags, where they are logged, show which records begin one.
 */
export function areFewConnections({ ports }: Pick<CountedSuspect, 'ports'>): boolean {
  if (ports === null || ports.syns >= ports.attempts / 2) return false;
  return (
    ports.different <= Math.max(2, ports.attempts / PORT_REPEATS) ||
    ports.attempts >= PORT_REPEATS_IN_AN_HOUR * ports.byHour
  );
}

/** The last hour before it was first refused in which it was accepted at the same target; null: none, or accepted later too. */
export function letInUntil({ letIn, times }: Pick<CountedSuspect, 'letIn' | 'times'>): number | null {
  if (letIn === null || letIn.lastHour > Math.floor(times.first / 3600)) return null;
  return letIn.lastHour;
}

/** Whether all of them were let in at the same target after they were last refused, and not before: it was opened to them. */
export function areLetInSince(suspects: readonly Pick<CountedSuspect, 'letIn' | 'times'>[]): boolean {
  return suspects.every(
    ({ letIn, times }) => letIn !== null && letIn.firstHour >= Math.floor(times.last / 3600),
  );
}

/** Whether it was accepted at the same target, and answered, before and after the first rejection: no rule blocks it. */
export function isLetInMeanwhile({ letIn, times, pairs }: CountedSuspect): boolean {
  if (letIn === null) return false;
  const answered = !pairs.some(
    ({ verdict }) => verdict === verdicts.unanswered || verdict === verdicts.refused,
  );
  const overlap =
    letIn.lastHour > Math.floor(times.first / 3600) && letIn.firstHour < Math.floor(times.last / 3600);
  return answered && overlap;
}

/** A client is served in so large a share of the hours in which it is rejected at another port. */
const SERVED_SHARE = 0.5;

/** Whether it was served at another port of the same target, or by another protocol, for as long as it was rejected here. */
export function isServedMeanwhile({
  served,
  times,
  active,
}: Pick<CountedSuspect, 'served' | 'times' | 'active'>): boolean {
  if (served === null) return false;
  const [first, last] = [Math.floor(times.first / 3600), Math.floor(times.last / 3600)];
  // A tenth of the time at either end: it may have been served before its first attempt here, or after its last.
  const margin = 1 + Math.floor((last - first) / 10);
  return (
    served.firstHour <= first + margin &&
    served.lastHour >= last - margin &&
    served.hours >= SERVED_SHARE * active.length
  );
}

/**
 * Whether that makes it a client, which tries a second port as browsers try port 80 or QUIC. No client of a website tries a shell
 * or a database beside it: there the attempts count, whoever makes them.
 */
export function isServedElsewhere(suspect: CountedSuspect): boolean {
  const [pair] = suspect.pairs;
  return exposedPort(pair?.port ?? -1, pair?.protocol ?? -1) === undefined && isServedMeanwhile(suspect);
}

/**
 * Whether its target connects to it in most of the hours in which it tries, however long before or after. There is at least a record
 * of an own connection in each: if not, they were answers that sums of hours did not know as such.
 */
export function isCorrespondent({ inAnswer }: Pick<CountedSuspect, 'inAnswer'>): boolean {
  return inAnswer !== null && inAnswer.records >= inAnswer.hours;
}

/** So many of its attempts answer connections of its target, which take no more than this share of the time. */
const ANSWER_SHARE = 0.9;
const CONNECTED_TIME = 0.5;

/**
 * Whether it only comes while its target has a connection to it that the target began, as servers do that ask back (ident, whether
 * a client is an open proxy) or open a second connection (FTP): of so many attempts not by chance.
 */
export function isConnectingBack({ inAnswer, times }: Pick<CountedSuspect, 'inAnswer' | 'times'>): boolean {
  return (
    inAnswer !== null &&
    inAnswer.during >= ANSWER_SHARE * inAnswer.attempts &&
    inAnswer.seconds <= CONNECTED_TIME * (times.last - times.first)
  );
}

/** Ports from here on are given out for the media of a call. */
const LEAST_MEDIA_PORT = 1024;

/**
 * Whether datagrams to many ports of one machine are those of calls (WebRTC, SIP) that look for a way through: the machine serves
 * their source all the while, and a scanner would try TCP or the ports of services.
 */
export function isOfCalls(one: CountedScan): boolean {
  const { addresses, isUdp, lowestPort } = one.scan;
  return addresses === 1 && isUdp && lowestPort >= LEAST_MEDIA_PORT && isServedMeanwhile(one);
}
