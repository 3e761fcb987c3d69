import { expect, test } from 'vitest';
import { HOUR } from '../../src/view/time/iso-duration.ts';
import { accountDays, knownHours } from './account-hours.ts';

const hour = (at: number): string => new Date(at * HOUR).toISOString();
const account = {
  account_id: '1',
  region: 'eu-west-1',
  flows: 1,
  logged: [
    { from: hour(30), to: hour(50) },
    { from: hour(52), to: hour(60) },
  ],
  skipdata: [{ from: hour(40), to: hour(42) }],
};

test('an account’s hours are known from its first logs to the newest of all; between them are gaps', () => {
  expect(knownHours(account, hour(70))).toEqual({
    span: { from: 30 * HOUR, to: 70 * HOUR },
    coverage: {
      gaps: [
        { from: 50 * HOUR, to: 52 * HOUR },
        { from: 60 * HOUR, to: 70 * HOUR },
      ],
      lossy: [{ from: 40 * HOUR, to: 42 * HOUR }],
      flows: null,
    },
  });
  expect(knownHours(account, hour(60)).coverage.gaps).toEqual([{ from: 50 * HOUR, to: 52 * HOUR }]);
});

test('its days count the hours with logs, and those of which some were lost', () => {
  expect(accountDays(account, 0, 3)).toEqual([
    { from: 0, logged: 0, lost: 0 },
    { from: 24 * HOUR, logged: 18, lost: 2 },
    { from: 48 * HOUR, logged: 10, lost: 0 },
  ]);
});
