import { expect, test } from 'vitest';
import { timeOf } from './time-options.ts';

const from = '2026-06-20T00:00:00Z';
const to = '2026-06-21T00:00:00Z';

test('a time range is a duration, two times, or everything', () => {
  expect(timeOf({})).toBeNull();
  expect(timeOf({ last: 'P1D' })).toEqual({ last: 'P1D' });
  expect(timeOf({ from, to })).toEqual({ from, to });
});

test.each([
  [{ last: 'P1D', from }, /either --last/],
  [{ last: 'P1D', to }, /either --last/],
  [{ from }, /both --from and --to/],
  [{ to }, /both --from and --to/],
  [{ last: '7d' }, /^--last must be an ISO 8601 duration/],
  [{ from: 'today', to }, /^--from must be/],
  [{ from, to: '2026-13-01T00:00:00Z' }, /^--to /],
  [{ from: to, to: from }, /^--from must be before --to, which itself is not part/],
])('%o is refused', (options, message) => {
  expect(() => timeOf(options)).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) }),
  );
});
