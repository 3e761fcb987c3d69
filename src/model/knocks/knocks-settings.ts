import { PeepholeError } from '../errors.ts';
import { defaultPrices, parsePrices, type PriceTable } from './prices.ts';
import { parseAddress } from '../query/address-block.ts';

/** What whoever asks for an investigation knows beside the logs. */
export interface KnocksSettings {
  /** Addresses of scanners of one's own: findings that they scan or spread are hidden, which a note says. */
  readonly allowedScanners: readonly string[];
  /** What traffic costs. */
  readonly prices: PriceTable;
}

export const noSettings: KnocksSettings = { allowedScanners: [], prices: defaultPrices };

/** Checks settings that came as JSON; null or undefined: none. Throws `bad_query` or, for prices, `usage` for what is none. */
export function parseKnocksSettings(json: unknown): KnocksSettings {
  if (json === null || json === undefined) return noSettings;
  const { allowedScanners = [], prices } = json as {
    readonly allowedScanners?: unknown;
    readonly prices?: unknown;
  };
  if (!Array.isArray(allowedScanners))
    throw new PeepholeError('bad_query', 'allowedScanners must be a list of addresses.');
  const addresses = allowedScanners.map(String);
  const wrong = addresses.find((text) => parseAddress(text) === null);
  if (wrong !== undefined)
    throw new PeepholeError(
      'bad_query',
      `${JSON.stringify(wrong)} is not an IP address: name scanners by their addresses.`,
    );
  return {
    allowedScanners: addresses,
    prices: prices === null || prices === undefined ? defaultPrices : parsePrices(prices),
  };
}
