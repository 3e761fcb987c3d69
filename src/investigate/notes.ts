import type { Finding } from '../model/knocks/knocks.ts';
import { MOST_PAIRS, MOST_SCANNERS } from '../sql/investigate/candidate-queries.ts';
import type { Collected } from './collect.ts';
import { count, list } from './wording.ts';

/** Logs without these fields tell of no attempts. */
export function nothingFor(fields: readonly string[]): string {
  return `Nothing could be investigated: the logs hold no ${list(fields)}.`;
}

/**
 * What an investigation left out, and what these logs can't tell: a sentence each.
 * @param left how many scanners are not among the findings, and sources that a rule cut off, as far as anybody can tell
 */
export function notesOf(
  { portlessFlows, full, unlogged: missing }: Collected,
  findings: readonly Finding[],
  left: { readonly scans: number; readonly cut: number },
): readonly string[] {
  if (missing.tries.length > 0) return [nothingFor(missing.tries)];
  const number = (value: number): string => value.toLocaleString('en-US');
  return [
    ...(portlessFlows === 0
      ? []
      : [
          `${count(portlessFlows, 'rejected flow')} ${portlessFlows === 1 ? 'names' : 'name'} no source port. There every record counts as an attempt, also those of one connection that goes on; refused replies can't be told from attempts, so what goes to ports from 32,768 up counts for no scan.`,
        ]),
    ...(missing.answers.length === 0
      ? []
      : [
          `Who was let in but never answered could not be looked for: the logs hold no ${list(missing.answers)}.`,
        ]),
    ...(left.cut === 0
      ? []
      : [
          `${count(left.cut, 'source was', 'sources were')} let in at first, and then refused once a window without a pause: without source ports that looks like ${left.cut === 1 ? 'a connection' : 'connections'} that a rule cut, so it counts for no attempts.`,
        ]),
    ...(left.scans === 0
      ? []
      : [`${count(left.scans, 'more source scans', 'more sources scan')}: only the busiest are findings.`]),
    ...(full.pairs
      ? [`Of sources and what they try, only the ${number(MOST_PAIRS)} busiest pairs were looked at.`]
      : []),
    ...(full.scanners ? [`Of scanners, only the ${number(MOST_SCANNERS)} busiest were looked at.`] : []),
    ...(full.replies
      ? [`Of addresses that refuse replies, only the ${number(MOST_SCANNERS)} busiest were looked at.`]
      : []),
    ...findings.flatMap(({ sources, source_count: all, target, ports }) =>
      all <= sources.length
        ? []
        : [
            `Of the ${number(all)} sources at ${target?.address ?? 'many addresses'}${ports.length === 1 ? `, port ${ports[0]}` : ''}, the ${number(sources.length)} busiest are listed; all are counted.`,
          ],
    ),
  ];
}
