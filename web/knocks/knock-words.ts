import type { Finding, KnockSource, KnockTarget } from '../../src/model/knocks/knocks.ts';
import { aboutMachine, amountText, directionOf } from '../../src/model/knocks/finding-words.ts';
import type { Tone } from '../../src/view/chart-layout/tone.ts';

/** The subject of a finding in short: the target, or the scanner. */
export function titleOf(finding: Finding): string {
  const { target, sources, target_count: count, amounts } = finding;
  const machine = aboutMachine(finding);
  if (machine !== null) return `${machine}${target === null ? '' : ` → ${placeOf(target)}`}`;
  const [first] = amounts;
  if (finding.kind === 'cost' && first !== undefined) return `${amountText(first)} ${first.text}`;
  if (target !== null) {
    const several = target.port === null && finding.port_count > 1;
    return several
      ? `${placeOf(target)}, ${finding.port_count.toLocaleString('en-US')} ports`
      : placeOf(target);
  }
  const who = sources[0]?.address ?? 'Somebody';
  const where = directionOf(finding) === 'out' ? 'outside' : 'in your network';
  return `${who}, at ${count.toLocaleString('en-US')} ${count === 1 ? 'address' : 'addresses'} ${where}`;
}

function placeOf(target: KnockTarget): string {
  const port = target.port === null ? '' : `, port ${target.port}${named(target.likely_service)}`;
  return `${target.name ?? target.address}${port}`;
}

/** The outcome of the attempts, as a colour: rejected or accepted. */
export function toneOf({ verdict }: Finding): Tone {
  return verdict === 'rejected' ? 'reject' : 'accept';
}

/** Country and network operator of a source: `US · AS16509 Amazon`; empty: not known. */
export function originOf({ country, asn, as_name: name }: KnockSource): string {
  const network = [asn === null ? null : `AS${asn}`, name].filter((part) => part !== null).join(' ');
  return [country, network].filter((part) => part !== null && part !== '').join(' · ');
}

/** What a link of a finding or of its evidence leaves out, if anything: a query names the busiest sources only. */
export function partNote({
  query,
  source_count: count,
}: Pick<Finding, 'query' | 'source_count'>): string | undefined {
  // In answers, the sources are the destinations. A single address is not a list of sources.
  const named = Math.max(listed(query, 'srcaddr'), listed(query, 'dstaddr'));
  return named > 1 && named < count
    ? `Links lead to the flows of the ${named.toLocaleString('en-US')} busiest of ${count.toLocaleString('en-US')} sources`
    : undefined;
}

/** How many values of a field a query names. */
function listed({ filter }: Finding['query'], name: string): number {
  const clauses = Array.isArray(filter) ? (filter as readonly { field?: unknown; in?: unknown }[]) : [];
  const values = clauses.find(({ field }) => field === name)?.in;
  return Array.isArray(values) ? values.length : 0;
}

function named(service: string | null): string {
  return service === null ? '' : ` ${service}`;
}
