import { expect, test } from 'vitest';
import { AccountNotes } from './account-notes.ts';

const MINUTE = 60_000;

test('a problem with an account is shown with its sources until a search succeeds or stops', () => {
  let now = 0;
  const notes = new AccountNotes(() => now);
  const note = { id: '1', sources: ['s3://a/', 's3://b/'], warnings: ['no permission'], every: MINUTE };
  notes.keep(note);
  notes.keep({ ...note, id: '2', sources: ['s3://b/'], warnings: ['no region'] });
  expect(notes.warningsOf('s3://a/')).toEqual(['no permission']);
  expect(notes.warningsOf('s3://b/')).toEqual(['no permission', 'no region']);
  expect(notes.warningsOf('s3://c/')).toEqual([]);
  expect(notes.waiting()).toBeNull();
  notes.keep({ ...note, warnings: [] });
  expect(notes.warningsOf('s3://b/')).toEqual(['no region']);
  now = 3 * MINUTE;
  expect(notes.warningsOf('s3://b/')).toEqual([]);
});

test('an account without a source stands for itself', () => {
  const notes = new AccountNotes(() => 0);
  const note = { id: '1', sources: [], warnings: ['no permission'], every: MINUTE };
  notes.keep(note);
  expect(notes.waiting()).toMatchObject({
    id: 'aws:',
    kind: 'aws',
    state: 'waiting',
    last_error: { code: 'source_refused', message: 'no permission', at: '1970-01-01T00:00:00.000Z' },
    // Said already.
    warnings: [],
    next_try: '1970-01-01T00:01:00.000Z',
  });
  notes.keep({ ...note, sources: ['s3://a/'], warnings: [] });
  expect(notes.waiting()).toBeNull();
});
