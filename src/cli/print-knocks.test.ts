import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Knocks, KnockSource, FindingWithState } from '../model/knocks/knocks.ts';
import { formatKnocks } from './print-knocks.ts';

const source = (address: string, more: Partial<KnockSource> = {}): KnockSource => ({
  address,
  attempts: 1440,
  per_hour: { min: 178, median: 180, max: 182 },
  interval_seconds: 20,
  first_seen: '2018-06-20T00:00:05Z',
  last_seen: '2018-06-20T07:59:45Z',
  state: 'steady',
  name: null,
  country: 'DE',
  asn: 64_500,
  as_name: 'EXAMPLE',
  ...more,
});

const finding = (more: Partial<FindingWithState> = {}): FindingWithState => ({
  id: 'x',
  kind: 'persistent_stranger',
  score: 0.8,
  score_parts: [],
  verdict: 'rejected',
  target: null,
  target_count: 1,
  ports: [80],
  port_count: 1,
  sources: [source('192.0.2.1')],
  source_count: 1,
  attempts: 1440,
  counted: 'connections',
  rejected_flows: 0,
  amounts: [],
  first_seen: '2018-06-20T00:00:05Z',
  last_seen: '2018-06-20T07:59:45Z',
  coverage: { hours: 4, unknown_hours: 1 },
  hourly: { measure: 'attempts', from: '2018-06-20T00:00:00Z', attempts: [4, 8, null, 0], unknown: [2] },
  query: {},
  summary: 'Somebody tries.',
  evidence: [
    { text: 'a query', query: {} },
    { text: 'A fact.', query: null },
  ],
  next_step: 'Look.',
  state: 'known',
  state_info: { since: null, until: null, note: null, reason: null, first_told: null },
  ...more,
});

const knocks = (findings: readonly FindingWithState[], more: Partial<Knocks> = {}): Knocks => ({
  range: { from: '2018-06-20T00:00:00Z', to: '2018-06-20T08:00:00Z' },
  range_investigated: { from: '2018-06-20T00:00:00Z', to: '2018-06-20T08:00:00Z' },
  notes: [],
  totals: { flows: 2000, rejected_flows: 1440, rejected_share: 0.72 },
  findings,
  rest: [],
  stats: { ms: 1 },
  ...more,
});

const lines = (answer: Knocks): readonly string[] =>
  stripVTControlCharacters(formatKnocks(answer)).split('\n');

test('prints a finding with sentence, hours, sources, facts and next step', () => {
  expect(lines(knocks([finding()]))).toEqual([
    'Who is knocking, 2018-06-20 00:00 to 2018-06-20 08:00',
    '2,000 flows, 1,440 of them rejected (72.0 %).',
    '',
    ' 0.80  Persistent strangers  x  known',
    '  Somebody tries.',
    '  ▕▄█· ▏ 1 hour per bar',
    '  source     attempts  per hour  every  first seen        last seen         from',
    '  192.0.2.1     1,440   178–182   20 s  2018-06-20 00:00  2018-06-20 07:59  DE EXAMPLE',
    '  A fact.',
    '  → Look.',
    '',
  ]);
});

test('without findings it says why', () => {
  const totals = { flows: 0, rejected_flows: 0, rejected_share: null };
  expect(formatKnocks(knocks([], { range: null, totals }))).toMatch(/^The store is empty\./);
  const notes = ['No input has the field action.'];
  expect(formatKnocks(knocks([], { range: null, notes, totals: { ...totals, flows: 1 } }))).toBe(
    '1 flow, 0 of them rejected. No input has the field action.\n',
  );
  expect(lines(knocks([], { notes })).slice(1)).toEqual([
    '2,000 flows, 1,440 of them rejected (72.0 %).',
    '! No input has the field action.',
    '',
    'No findings.',
    '',
  ]);
  expect(lines(knocks([], { range_investigated: null }))).not.toContain('No findings.');
});

test('prints ten scans, a sentence each, and the number of the others', () => {
  const scans = Array.from({ length: 13 }, (_, i) =>
    finding({ kind: 'scan', id: `s${i}`, summary: `Scan ${i}.`, score: 0.2 }),
  );
  const text = lines(knocks([...scans, finding()]));
  expect(text.filter((line) => /^ {2}Scan \d+\.$/.test(line))).toHaveLength(10);
  expect(text).toContain('… and 3 more of: scan (--format json has all)');
  expect(text.filter((line) => line.startsWith('  →'))).toHaveLength(1);
});

test('lists up to twenty sources, with a dash for a missing rate', () => {
  const sources = Array.from({ length: 25 }, (_, i) =>
    source(`192.0.2.${i}`, i === 0 ? { per_hour: null, interval_seconds: null, as_name: null } : {}),
  );
  const text = lines(knocks([finding({ sources, source_count: 1200 })]));
  expect(text.filter((line) => line.includes('192.0.2.'))).toHaveLength(20);
  expect(text.find((line) => line.includes('192.0.2.0 '))).toMatch(/ 1,440 +– +– {2}2018.* DE$/);
  expect(text).toContain('  … and 1,180 more sources');
});

test("combines many hours into one bar; names can't move the cursor", () => {
  const attempts = Array.from({ length: 145 }, (_, hour) => (hour < 72 ? 6 : 0));
  const hostile = finding({
    hourly: { measure: 'attempts', from: '2018-06-20T00:00:00Z', attempts, unknown: [] },
    summary: '\u001b[2Jx',
    sources: [source('a', { name: '\u001b]0;t\u0007' })],
  });
  const text = formatKnocks(knocks([hostile]));
  const strip = stripVTControlCharacters(text)
    .split('\n')
    .find((line) => line.includes('▕'));
  expect(strip).toBe(`  ▕${'█'.repeat(24)}${' '.repeat(25)}▏ 3 hours per bar`);
  for (const sign of ['\u001b[2J', '\u001b]', '\u0007']) expect(text).not.toContain(sign);
});

test('counts and lists findings that were set aside, with the note in one line', () => {
  const info = {
    since: null,
    until: '2999-01-01T00:00:00Z',
    note: `a\n\u001b[2J\u202e${'x'.repeat(200)}`,
    reason: null,
    first_told: null,
  };
  const muted = finding({ id: 'stranger-1', state: 'muted', state_info: info });
  const text = lines(knocks([muted, finding({ id: 'stranger-2', state: 'solved' }), finding()]));
  expect(text).toContain('Set aside: 1 muted, 1 solved');
  const at = text.findIndex((line) => line.startsWith('  stranger-1  muted until 2999-01-01 00:00 UTC'));
  expect(text[at + 2]).toMatch(/^ {4}Note: a\\x0a\\x1b\[2J\\u202ex+…$/);
  expect(text.filter((line) => line.startsWith('  → '))).toHaveLength(1);
  expect(lines(knocks([muted]))).toContain('No findings except those that were set aside.');
});

test('a new finding that was known before has its reason', () => {
  const reason = 'Solved 1 June 2018 00:00 UTC, and seen again since.';
  const info = { since: null, until: null, note: 'closed', reason, first_told: null };
  const text = lines(knocks([finding({ state: 'new', state_info: info })]));
  expect(text.slice(3, 7)).toEqual([
    ' 0.80  Persistent strangers  x  new',
    '  Somebody tries.',
    `  ! ${reason}`,
    '  Note: closed',
  ]);
});

test('lists rejected flows of no finding with their numbers', () => {
  const rest = [
    { kind: 'few', what: 'From sources with fewer than 8 rejected flows each', flows: 1200, sources: 300 },
    { kind: 'nameless', what: 'Without a source or a destination address', flows: 7, sources: 0 },
  ];
  const printed = lines(knocks([], { rest }));
  expect(printed).toContain('Other rejected flows');
  expect(printed).toContain('  1,200  From sources with fewer than 8 rejected flows each (300 sources)');
  expect(printed).toContain('      7  Without a source or a destination address');
});
