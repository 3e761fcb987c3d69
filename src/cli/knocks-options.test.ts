import { expect, test } from 'vitest';
import { mergeKnocks, readKnocksOptions } from './knocks-options.ts';

const prices = { date: '2026-01', regions: {} };

test('scanners of the configuration and the options are combined; prices of the options take precedence', async () => {
  const given = await readKnocksOptions({ allowScanner: ['10.0.9.9', '10.0.9.10'] });
  expect(mergeKnocks(null, given)).toEqual({ allowedScanners: ['10.0.9.9', '10.0.9.10'], prices: null });
  expect(mergeKnocks({ allowedScanners: ['10.0.9.9', '10.0.9.8'], prices }, given)).toEqual({
    allowedScanners: ['10.0.9.9', '10.0.9.8', '10.0.9.10'],
    prices,
  });
  const own = await readKnocksOptions({ prices: JSON.stringify({ ...prices, date: '2026-05' }) });
  expect(mergeKnocks({ allowedScanners: [], prices }, own).prices).toMatchObject({ date: '2026-05' });
});

test('invalid options are refused before the investigation', async () => {
  await expect(readKnocksOptions({ allowScanner: ['a scanner'] })).rejects.toThrow('is not an IP address');
});
