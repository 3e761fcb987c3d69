import type { Finding, KnockSource } from '../../src/model/knocks/knocks.ts';
import type { Tone } from '../picture/tone.ts';

/** What a finding is about, in few words: the target, or who scans. */
export function titleOf(finding: Finding): string {
  const { target, sources, target_count: count } = finding;
  if (target !== null) {
    const port = target.port === null ? '' : `, port ${target.port}${named(target.likely_service)}`;
    return `${target.name ?? target.address}${port}`;
  }
  const who = sources[0]?.address ?? 'Somebody';
  return `${who}, at ${count.toLocaleString('en-US')} ${count === 1 ? 'address' : 'addresses'} of ours`;
}

/** What became of the attempts, as a colour: turned away, or let in. */
export function toneOf({ verdict }: Finding): Tone {
  return verdict === 'rejected' ? 'reject' : 'accept';
}

/** Where a source is and who runs its network: `US · AS16509 Amazon`; empty: not known. */
export function originOf({ country, asn, as_name: name }: KnockSource): string {
  const network = [asn === null ? null : `AS${asn}`, name].filter((part) => part !== null).join(' ');
  return [country, network].filter((part) => part !== null && part !== '').join(' · ');
}

/** What a link from the attempts of a finding leaves out, if anything: a query names the busiest 300 sources. */
export function partNote({ source_count: count }: Finding): string | undefined {
  return count > 300 ? 'The flows of the 300 busiest sources' : undefined;
}

function named(service: string | null): string {
  return service === null ? '' : ` ${service}`;
}
