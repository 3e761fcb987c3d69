import { describe, expect, it } from 'vitest';
import { defaultPrices, internetPrice, parsePrices, pricesOf } from './prices.ts';

describe('prices', () => {
  it('of the internet come in tiers, the first 100 GB free', () => {
    const prices = pricesOf(defaultPrices, 'us-east-1');
    expect(internetPrice(prices, 100)).toBe(0);
    expect(internetPrice(prices, 1100)).toBeCloseTo(90);
    expect(internetPrice(prices, 20_240)).toBeCloseTo(10_140 * 0.09 + 10_000 * 0.085);
    expect(internetPrice(prices, 253_600)).toBeCloseTo(
      10_140 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07 + 100_000 * 0.05,
    );
  });

  it('can be edited, region by region; what is absent stays', () => {
    const table = parsePrices({
      date: '2026-05',
      regions: { 'eu-west-1': { nat_gb: 0.01, internet: [{ up_to_gb: 10, per_gb: 0 }, { per_gb: 1 }] } },
    });
    expect(pricesOf(table, 'eu-west-1')).toMatchObject({ nat_gb: 0.01, zones_gb: 0.02 });
    expect(internetPrice(pricesOf(table, 'eu-west-1'), 12)).toBe(2);
    expect(pricesOf(table, 'mars-1')).toEqual(pricesOf(defaultPrices, null));
    expect(table.bytes_per_gb).toBe(1024 ** 3);
  });

  it.each([
    [null, 'the table must be an object'],
    [{ regions: {} }, 'date'],
    [{ date: 'now', regions: { x: { nat_gb: '1' } } }, 'x.nat_gb'],
    [{ date: 'now', regions: { x: { nat_gb: -1 } } }, 'x.nat_gb'],
    [{ date: 'now', bytes_per_gb: 0 }, 'bytes_per_gb'],
    [{ date: 'now', regions: { x: { internet: [] } } }, 'x.internet'],
    [{ date: 'now', regions: { x: { internet: [{ up_to_gb: 5, per_gb: 1 }] } } }, 'rise'],
    [{ date: 'now', regions: [] }, 'regions'],
  ])('%o are refused, with what is wrong', (json, text) => {
    expect(() => parsePrices(json)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(text) }),
    );
  });
});
