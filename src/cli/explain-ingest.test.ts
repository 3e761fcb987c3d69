import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { emptyReport } from '../model/add-reports.ts';
import type { IngestReport } from '../model/ingest-report.ts';
import { explainIngest } from './explain-ingest.ts';
import { Messages } from './messages.ts';

let written: string;
beforeEach(() => {
  written = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

/** The printed lines of a report. */
function said(report: Partial<IngestReport>, quiet = false): readonly string[] {
  explainIngest({ ...emptyReport(), ...report }, new Messages(quiet));
  return stripVTControlCharacters(written).trimEnd().split('\n');
}

test('prints what was ingested, how fast, and what was skipped', () => {
  expect(
    said({
      inputs: 4,
      skipped_inputs: 1,
      failed_inputs: 1,
      failures: [{ input: 'a.gz', code: 'corrupt_input', reason: 'The file is cut.' }],
      records: 3006,
      flows: 3000,
      nodata: 1,
      skipdata: 2,
      untimed_flows: 1,
      quarantined: 3,
      seconds: 2,
    }),
  ).toEqual([
    '! a.gz: The file is cut.',
    '✓ 2 inputs: 3,000 flows in 2.0 s (1,503 records a second)',
    '  1 input already ingested · 1 input failed · 1 window without data · 2 windows whose records AWS lost · 1 flow without a time: no question about a time finds them · 3 lines in quarantine: SELECT * FROM quarantine',
  ]);
});

test.each([
  [{}, '✗ Nothing ingested: there are no flow logs here'],
  [{ inputs: 2, skipped_inputs: 2 }, '✓ Nothing new'],
  [{ inputs: 2, skipped_inputs: 1, failed_inputs: 1 }, '✗ Nothing ingested'],
  [{ inputs: 1, records: 7, quarantined: 7 }, '✗ Nothing ingested: none of 7 lines could be read'],
  [{ inputs: 1, records: 20, duplicates: 20, seconds: 1 }, '✓ Nothing new'],
  [{ inputs: 1, records: 22, duplicates: 20, quarantined: 2 }, '✓ Nothing new'],
  [
    { inputs: 1, records: 22, duplicates: 20, flows: 2, seconds: 1 },
    '✓ 1 input: 2 flows in 1.0 s (2 records a second)',
  ],
  [{ inputs: 1 }, '! Nothing ingested: 1 input without records'],
  [{ inputs: 1, nodata: 1, records: 1, seconds: 0.5 }, '✓ 1 input: 0 flows in 0.5 s (2 records a second)'],
])('%o: %s', (report, summary) => {
  expect(said(report)[0]).toBe(summary);
});

test('records that are in already are counted, and those that retention has deleted apart from them', () => {
  expect(said({ inputs: 1, records: 23, duplicates: 23, expired: 3 })[1]).toBe(
    '  20 records already ingested · 3 records left out: older than what retention has kept',
  );
});

test('where it was stopped before anything was in, it says nothing about what there is', () => {
  explainIngest(emptyReport(), new Messages(false), true);
  expect(written).toBe('Stopped before all of a first batch was in. What was committed stays.\n');
});

test('prints the most frequent reason, an example of at most 160 characters, and advice', () => {
  const reason = {
    reason: 'start: 1700000000000 is not a Unix time in seconds between 2000 and 2099',
    records: 2,
    input: 'b.log',
    line: 9,
    text: 'x'.repeat(200),
  };
  const lines = said({ inputs: 1, records: 3, flows: 0, quarantined: 3, reasons: [reason] });
  expect(lines.slice(2)).toEqual([
    `  Why, for 2 of them: ${reason.reason}`,
    `  Such as b.log, line 9: ${'x'.repeat(160)}…`,
    '  The times are in milliseconds: convert them to seconds.',
  ]);
  written = '';
  expect(said({ inputs: 1, quarantined: 2, reasons: [reason] })[2]).toBe(`  Why: ${reason.reason}`);
});

test('names up to twenty failed and skipped files, and the number of the others', () => {
  const failures = Array.from({ length: 22 }, (_, i) => ({ input: `f${i}`, code: 'x', reason: 'r' }));
  const other_files = Array.from({ length: 21 }, (_, i) => ({ input: `o${i}`, kind: 'an image' }));
  const lines = said({ failures, other_files });
  expect(lines).toHaveLength(23);
  expect(lines[19]).toBe('! f19: r');
  expect(lines[20]).toBe('! and 2 more inputs failed');
  expect(lines[21]).toMatch(
    /^Skipped \(not flow logs\): o0 \(an image\), .*o19 \(an image\), and 1 more file$/,
  );
});

test('with --quiet it prints failures only', () => {
  expect(said({ inputs: 1, failures: [{ input: 'a', code: 'x', reason: 'r' }] }, true)).toEqual(['! a: r']);
});

test("names and lines of a log can't move the cursor", () => {
  said({
    quarantined: 1,
    other_files: [{ input: '\u001b[2Ja', kind: 'b\u0007' }],
    reasons: [{ reason: '\u001b]0;t', records: 1, input: '\u001b[H', line: 1, text: '\u001b[2J' }],
  });
  for (const sign of ['\u001b[2J', '\u001b[H', '\u001b]', '\u0007']) expect(written).not.toContain(sign);
});
