import { median } from '../../model/time/interval.ts';
import type { Key } from '../../sql/key.ts';
import type { HourCoverage } from '../hour-coverage.ts';
import { stateOf } from '../state-of.ts';
import type { Collected, CountedSuspect } from './collect.ts';
import {
  areFewConnections,
  isConnectingBack,
  isCutConnection,
  isLetInMeanwhile,
  isServedElsewhere,
  LEAST_ATTEMPTS,
} from './single-connections.ts';
import { isBruteForce, isScheduled, isShellPort } from './password-guessing.ts';
import { isPersistent } from './persistence.ts';
import { areGuesses } from './session-shape.ts';
import { isLogin } from './suspects.ts';
import { verdictOf } from './verdict.ts';

/** A source and all the targets that it keeps trying, most attempts first. */
export interface Visitor {
  readonly src: Key;
  readonly suspects: readonly CountedSuspect[];
}

/** The classification of suspects; each outside source has one class. */
export interface Judged {
  /** Strangers, grouped by target: those of one list keep trying the same targets. */
  readonly strangers: readonly (readonly Visitor[])[];
  /** Single sources that guess. */
  readonly guessing: readonly Visitor[];
  /** Many sources that guess together, at one port. */
  readonly campaigns: readonly (readonly Visitor[])[];
  readonly inside: readonly CountedSuspect[];
  /** How many sources were left out, and why. */
  readonly left: { readonly cut: number; readonly fewConnections: number; readonly letIn: number; readonly servedElsewhere: number; readonly connectBack: number }; // prettier-ignore
}

/** A target with less than this share of the attempts at a source's first target is ignored. */
const MINOR_SHARE = 0.1;
/** A source that keeps trying more addresses than this, and most of the existing ones, is a scanner. */
const MOST_ADDRESSES = 3;
const SCAN_SHARE = 0.6;
/** A client of a cluster tries at most this many addresses. */
const MOST_MEMBERS = 16;
/** A source that guesses so many times as fast as most members of a campaign does so on its own. */
const LOUD = 10;
/** What scanners of the internet look for most. */
const scannedPorts: ReadonlySet<number> = new Set([
  21, 22, 23, 25, 53, 80, 110, 123, 143, 161, 443, 445, 1433, 2323, 3306, 3389, 5060, 5900, 8080, 8443,
]); // prettier-ignore
/** So many sources at a shell's port, of so many attempts an hour each, make a campaign if they begin or end together … */
const CAMPAIGN_SOURCES = 10;
const CAMPAIGN_RATE = 4;
/** … and so many of them in any case. */
const LARGE_CAMPAIGN = 30;

export function judge({ suspects, scans, reachable }: Collected, hours: HourCoverage): Judged {
  const cut = suspects.filter(isCutConnection);
  const few = suspects.filter((one) => !cut.includes(one) && !isLogin(one) && areFewConnections(one));
  const letIn = suspects.filter(
    (one) => !cut.includes(one) && !few.includes(one) && !isLogin(one) && isLetInMeanwhile(one),
  );
  const leftOut = new Set([...cut, ...few, ...letIn]);
  const rest = withoutPassedOn(suspects.filter((one) => !leftOut.has(one)));
  const scanned = new Map(scans.map(({ scan }) => [scan.src, scan.addresses]));
  const outside = bySource(rest.filter(({ role }) => role !== 'inside'));
  const campaigns = campaignsOf(outside, hours);
  const together = new Set(campaigns.flat().map(({ src }) => src));
  let servedClients = 0;
  let connectBack = 0;
  const guessing: Visitor[] = [];
  const knocking: Visitor[] = [];
  for (const [src, all] of outside) {
    if (together.has(src)) continue;
    const guesses = atOneEnd(all.filter((one) => isBruteForce(one, hours)));
    const tries = all.filter(
      (one) => one.role === 'outside' && !guesses.includes(one) && isPersistent(one, hours),
    );
    const unasked = tries.filter((one) => !isConnectingBack(one));
    const keeps = unasked.filter((one) => !isServedElsewhere(one));
    if (unasked.length === 0 && tries.length > 0) connectBack++;
    if (keeps.length === 0 && unasked.length > 0) servedClients++;
    if (guesses.length > 0 && attemptsOf(guesses) >= attemptsOf(keeps)) {
      guessing.push({ src, suspects: guesses });
      continue;
    }
    const most = keeps[0]?.times.attempts ?? 0;
    const main = keeps.filter(({ times }) => times.attempts >= MINOR_SHARE * most);
    if (main.length > 0 && !sweeps(main, scanned.get(src) ?? null, reachable))
      knocking.push({ src, suspects: main });
  }
  return {
    strangers: byTargets(knocking),
    guessing,
    campaigns,
    inside: rest.filter(({ role }) => role === 'inside'),
    left: {
      cut: sourcesOf(cut),
      fewConnections: sourcesOf(few.filter(({ role }) => role === 'outside')),
      letIn: sourcesOf(letIn.filter(({ role }) => role === 'outside')),
      servedElsewhere: servedClients,
      connectBack,
    },
  };
}

/** The same attempts at two interfaces begin and end within so many seconds, and differ by so large a share of their number. */
const SAME_SECONDS = 600;
const SAME_SHARE = 0.1;

/**
 * Leaves out attempts that an interface on the way, such as a firewall's, accepted, if the target's own interface rejected
 * the same ones: they were made once.
 */
function withoutPassedOn(suspects: readonly CountedSuspect[]): readonly CountedSuspect[] {
  const refused = new Map<string, CountedSuspect[]>();
  for (const one of suspects)
    if (one.role === 'outside' && verdictOf(one) === 'rejected')
      refused.set(placeOf(one), [...(refused.get(placeOf(one)) ?? []), one]);
  const isSame = ({ times: a }: CountedSuspect, { times: b }: CountedSuspect): boolean =>
    Math.abs(a.first - b.first) <= SAME_SECONDS &&
    Math.abs(a.last - b.last) <= SAME_SECONDS &&
    Math.abs(a.attempts - b.attempts) <= SAME_SHARE * b.attempts;
  return suspects.filter(
    (one) =>
      one.role !== 'outside' ||
      verdictOf(one) === 'rejected' ||
      !(refused.get(placeOf(one)) ?? []).some((other) => isSame(one, other)),
  );
}

/** Of what both ends log, what the end with most attempts logs, which stands first. */
function atOneEnd(suspects: readonly CountedSuspect[]): readonly CountedSuspect[] {
  return suspects.filter(
    (one, at) =>
      one.role !== 'inside_login' || !suspects.slice(0, at).some((other) => placeOf(other) === placeOf(one)),
  );
}

/** A source and what it tries, at whichever interface. */
function placeOf({ pairs: [pair] }: CountedSuspect): string {
  return `${pair?.src} ${pair?.dst} ${pair?.port} ${pair?.protocol}`;
}

/**
 * Whether a source that keeps trying several addresses tries most of those that there are, and more than a client would; or
 * so many that no client would, at ports that scanners look for.
 * @param scanned how many it tried at all, as a scanner; null: it is none
 */
function sweeps(main: readonly CountedSuspect[], scanned: number | null, reachable: number): boolean {
  if (scanned === null) return false;
  const addresses = new Set(main.map(({ pairs }) => pairs[0]?.dst)).size;
  const ports = new Set(main.map(({ pairs }) => pairs[0]?.port ?? -1));
  const asScanners = ports.size > 1 || [...ports].some((port) => scannedPorts.has(port));
  if (asScanners && addresses > MOST_MEMBERS) return true;
  return (
    addresses > (asScanners ? MOST_ADDRESSES : MOST_MEMBERS) &&
    Math.max(addresses, scanned) >= SCAN_SHARE * reachable
  );
}

/** Suspects of each source, most attempts first. */
function bySource(suspects: readonly CountedSuspect[]): ReadonlyMap<Key, readonly CountedSuspect[]> {
  const sources = new Map<Key, CountedSuspect[]>();
  for (const one of suspects.toSorted((a, b) => b.times.attempts - a.times.attempts)) {
    const src = one.pairs[0]?.src ?? 0;
    const list = sources.get(src);
    if (list === undefined) sources.set(src, [one]);
    else list.push(one);
  }
  return sources;
}

/** Strangers with the same target or targets. */
function byTargets(visitors: readonly Visitor[]): readonly (readonly Visitor[])[] {
  const groups = new Map<string, Visitor[]>();
  for (const visitor of visitors) {
    const key = visitor.suspects
      .map(({ pairs: [pair] }) => `${pair?.interface} ${pair?.dst} ${pair?.port} ${pair?.protocol}`)
      .toSorted()
      .join(', ');
    groups.set(key, [...(groups.get(key) ?? []), visitor]);
  }
  return [...groups.values()];
}

/**
 * Many sources that guess passwords at one remote-login port in the same time, all rejected or all accepted: clients of a
 * former tenant do not behave so. Sources that guess at several machines together are one campaign.
 */
function campaignsOf(
  sources: ReadonlyMap<Key, readonly CountedSuspect[]>,
  hours: HourCoverage,
): readonly (readonly Visitor[])[] {
  const targets = new Map<string, CountedSuspect[]>();
  for (const one of [...sources.values()].flat()) {
    const [pair] = one.pairs;
    if (pair === undefined || !mayGuess(one, hours)) continue;
    const key = `${one.role} ${pair.dst} ${pair.port}`;
    targets.set(key, [...(targets.get(key) ?? []), one]);
  }
  const campaigns: CountedSuspect[][] = [];
  for (const all of targets.values()) {
    const usual = median(all.map(rateOf));
    const group = all.filter((one) => rateOf(one) < LOUD * usual || !isBruteForce(one, hours));
    if (!isCampaign(group, hours)) continue;
    const members = new Set(group.map(sourceOf));
    const other = campaigns.find((one) => one.some((suspect) => members.has(sourceOf(suspect))));
    if (other === undefined) campaigns.push([...group]);
    else other.push(...group);
  }
  return campaigns.map((group) => [...bySource(group)].map(([src, suspects]) => ({ src, suspects })));
}

/** Attempts an hour while it tries; of less than an hour, all. */
function rateOf({ times: { attempts, first, last } }: CountedSuspect): number {
  return attempts / Math.max(1, (last - first) / 3600);
}

function mayGuess(one: CountedSuspect, hours: HourCoverage): boolean {
  const [pair] = one.pairs;
  const { attempts, first, last } = one.times;
  return (
    pair?.protocol === 6 &&
    isShellPort(pair.port) &&
    attempts >= LEAST_ATTEMPTS &&
    attempts >= (CAMPAIGN_RATE * (last - first)) / 3600 &&
    (one.role === 'outside' || (one.role === 'login' && areGuesses(one) && !isScheduled(one, hours)))
  );
}

function isCampaign(group: readonly CountedSuspect[], hours: HourCoverage): boolean {
  if (group.length < CAMPAIGN_SOURCES) return false;
  const span = {
    first: Math.min(...group.map(({ times }) => times.first)),
    last: Math.max(...group.map(({ times }) => times.last)),
  };
  const large = group.length >= LARGE_CAMPAIGN && group.every(({ role }) => role === 'outside');
  return large || stateOf(span, hours, []) !== 'steady';
}

function sourceOf({ pairs }: CountedSuspect): Key {
  return pairs[0]?.src ?? 0;
}

function attemptsOf(suspects: readonly CountedSuspect[]): number {
  return suspects.reduce((sum, { times }) => sum + times.attempts, 0);
}

function sourcesOf(suspects: readonly CountedSuspect[]): number {
  return new Set(suspects.map(({ pairs }) => pairs[0]?.src)).size;
}
