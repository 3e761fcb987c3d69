import { expect, test } from 'vitest';
import { accountToRead, regionsOf } from './find-account.ts';

test('regions are given one by one or with commas', () => {
  expect(regionsOf(['eu-west-1,us-gov-west-1', ' us-east-1', ''])).toEqual([
    'eu-west-1',
    'us-gov-west-1',
    'us-east-1',
  ]);
  expect(regionsOf(['all'])).toEqual(['all']);
  expect(() => regionsOf(['eu-west-1 policy'])).toThrow(expect.objectContaining({ code: 'usage' }));
});

test('without a time range the last day is read, from several regions too', () => {
  const day = accountToRead({ region: 'eu-west-1,us-east-1', profile: 'ops' });
  expect(day).toMatchObject({
    regions: ['eu-west-1', 'us-east-1'],
    options: { profile: 'ops', to: null },
    isBounded: false,
  });
  expect(day.options).not.toHaveProperty('region');
  expect(Math.abs(Date.now() - 86_400_000 - (day.options.from ?? 0))).toBeLessThan(60_000);
  expect(accountToRead({ from: 5, region: null })).toEqual({
    regions: [],
    options: { from: 5 },
    isBounded: true,
  });
});
