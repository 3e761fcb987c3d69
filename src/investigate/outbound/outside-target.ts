import type { KnockTarget } from '../../model/knocks/knocks.ts';
import type { InvestigationEnrichment } from '../investigation-enrichment.ts';

/** An address outside as the target of a finding about what goes there. `port`: null where there are several. */
export function outsideTarget(
  address: string,
  port: number | null,
  protocol: number | null,
  enrichment: InvestigationEnrichment,
): KnockTarget {
  const facts = enrichment.outsideAddress(address);
  return {
    address,
    port,
    likely_service: port === null ? null : enrichment.portName(protocol ?? 6, port),
    protocol,
    interface_id: null,
    public_address: null,
    name: facts?.name ?? null,
    service: null,
    since: null,
  };
}

/** `203.0.113.9 (US, EXAMPLE-NET)`: as a sentence names an address outside. */
export function outsideWords(address: string, enrichment: InvestigationEnrichment): string {
  const facts = enrichment.outsideAddress(address);
  const parts = [facts?.name, facts?.country, facts?.asName].filter((part) => part != null);
  return parts.length === 0 ? address : `${address} (${parts.join(', ')})`;
}
