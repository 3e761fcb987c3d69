import { describe, expect, test } from 'vitest';
import { formatKnocks } from '../../src/cli/print-knocks.ts';
import { htmlReport } from '../../src/report/html-report.ts';
import { LocalService } from '../../src/service/local-service.ts';
import { withLoggedStore } from '../support/logged-store.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const START = Date.UTC(2024, 0, 10) / 1000;
const OUT = '198.51.100.7';
const OURS = '10.0.0.5';

interface Line {
  readonly at: number;
  readonly from?: string;
  readonly to?: string;
  /** Absent: not logged. */
  readonly sport?: number;
  readonly dport: number;
  readonly action?: 'ACCEPT' | 'REJECT';
}

/** Calls on a store of these flows (rejected unless told), each list in a file, with or without a column of source ports. */
async function withStore(
  files: readonly (readonly Line[])[],
  use: (service: LocalService) => Promise<void>,
): Promise<void> {
  const texts = files.map((lines) => {
    const sport = lines[0]?.sport === undefined ? '' : ' srcport';
    const header = `version interface-id srcaddr dstaddr${sport} dstport protocol packets bytes start end action log-status`;
    const text = lines.map((line) => {
      const port = line.sport === undefined ? '' : ` ${line.sport}`;
      const start = START + line.at;
      return `2 eni-1 ${line.from ?? OUT} ${line.to ?? OURS}${port} ${line.dport} 6 1 60 ${start} ${start} ${line.action ?? 'REJECT'} OK`;
    });
    return `${[header, ...text].join('\n')}\n`;
  });
  await onStore(texts, use);
}

const onStore = (texts: readonly string[], use: (service: LocalService) => Promise<void>): Promise<void> =>
  withLoggedStore(folder.path, texts, (store) => use(new LocalService(store)));

/** What is said of logs in which all flows are rejected. */
const onlyRejected: unknown = expect.stringMatching(/^These logs have no accepted flows\./);
const every = (seconds: number, hours: number, make: (at: number, turn: number) => Line): readonly Line[] =>
  Array.from({ length: (hours * 3600) / seconds }, (_, turn) => make(turn * seconds, turn));
const knocksOf = (service: LocalService, time: unknown = null) => service.knocks(time);
const first = async (service: LocalService, query: unknown): Promise<number> =>
  Number((await service.query(query)).rows[0]?.[0]);

describe('logs without source ports', () => {
  test('are counted by records, which is said, and late replies make no scan', async () => {
    const knocking = every(60, 8, (at) => ({ at, dport: 8080 }));
    const replies = every(90, 8, (at, turn) => ({ at, from: '192.0.2.1', dport: 32_768 + turn * 13 }));
    await withStore([[...knocking, ...replies]], async (service) => {
      const knocks = await knocksOf(service);
      expect(knocks.findings).toMatchObject([
        {
          kind: 'persistent_stranger',
          attempts: knocking.length,
          sources: [{ address: OUT, per_hour: { min: 60, median: 60, max: 60 } }],
        },
      ]);
      const [finding] = knocks.findings;
      expect(finding?.evidence.map(({ text }) => text).join('\n')).toContain('no source port');
      expect(await first(service, finding?.query)).toBe(knocking.length);
      expect(knocks.notes.join('\n')).toContain('800 rejected flows have no source port');
      for (const printed of [formatKnocks(knocks), htmlReport(knocks)].map((text) =>
        text.replace(/\s+/g, ' '),
      )) {
        for (const note of knocks.notes)
          expect(printed).toContain(note.replaceAll("'", printed.startsWith('<') ? '&#39;' : "'"));
      }
    });
  });

  test('tell no connection that a rule cut from a stranger, unless it was let in before', async () => {
    const open = every(60, 4, (at) => ({ at, dport: 5671, action: 'ACCEPT' as const }));
    const cut = every(60, 4, (at) => ({ at: at + 4 * 3600, dport: 5671 }));
    const answers = open.map((line) => ({ ...line, from: OURS, to: OUT, dport: 40_000 }));
    const again = every(20, 8, (at) => ({ at, from: '192.0.2.7', dport: 8080 }));
    const always = every(60, 8, (at) => ({ at, from: '192.0.2.8', dport: 9000 }));
    await withStore([[...open, ...cut, ...answers, ...again, ...always]], async (service) => {
      const { findings, notes } = await knocksOf(service);
      const strangers = findings.filter(({ kind }) => kind.endsWith('stranger'));
      const told = strangers.map(({ sources, evidence }) => [
        sources[0]?.address,
        evidence.some(({ text }) => text.includes('like those of one long connection')),
      ]);
      expect(told).toEqual([
        ['192.0.2.7', false],
        ['192.0.2.8', true],
      ]);
      expect(findings.filter((one) => !strangers.includes(one))).toMatchObject([
        { kind: 'rejected_after_change', sources: [{ address: OUT }] },
      ]);
      expect(notes.join('\n')).toContain('1 source was accepted at first');
    });
  });

  test('tell of nobody who was let in that the answer is missing, while anything goes back', async () => {
    const checks = every(30, 8, (at) => ({ at, dport: 443, action: 'ACCEPT' }));
    const answers = checks.map((line, turn) => ({ ...line, from: OURS, to: OUT, dport: 32_768 + turn }));
    const silent = checks.map((line) => ({ ...line, from: '192.0.2.1' }));
    await withStore([[...checks, ...answers, ...silent]], async (service) => {
      const { findings, notes } = await knocksOf(service);
      expect(findings).toMatchObject([{ verdict: 'unanswered', sources: [{ address: '192.0.2.1' }] }]);
      expect(findings).toHaveLength(1);
      expect(notes).toEqual(
        ['Exposed services', 'Guessing that succeeded', 'Connections outward by a timer'].map(
          (what) => `${what} could not be searched for: the logs have no srcport.`,
        ),
      );
    });
  });

  test('of a part: what has them is counted by connections all the same', async () => {
    const bare = every(60, 4, (at) => ({ at, dport: 8080 }));
    // Each attempt is tried again in the next window.
    const whole = every(120, 4, (at, turn) => ({ at: at + 4 * 3600, sport: 40_000 + turn, dport: 8080 }));
    const again = whole.map((line) => ({ ...line, at: line.at + 60 }));
    await withStore([bare, [...whole, ...again]], async (service) => {
      const { findings, notes } = await knocksOf(service);
      expect(findings.map(({ attempts }) => attempts)).toEqual([bare.length + whole.length]);
      expect(notes).toEqual([
        onlyRejected,
        expect.stringContaining('240 rejected flows have no source port'),
      ]);
    });
  });
});

test('logs without actions or addresses can tell of nobody who knocks, and say so', async () => {
  const lines = Array.from(
    { length: 9 },
    (_, i) => `2 eni-1 ${OUT} ${OURS} 80 ${START + i * 60} ${START + i * 60} OK`,
  );
  const text = ['version interface-id srcaddr dstaddr dstport start end log-status', ...lines].join('\n');
  await onStore([`${text}\n`], async (service) => {
    const { findings, notes } = await knocksOf(service);
    expect(findings).toEqual([]);
    expect(notes[0]).toMatch(
      /^The logs have no action, .* strangers and other attempts, .* could not be searched for/,
    );
  });
  const nobody = `version interface-id dstport start end action log-status\n2 eni-1 80 ${START} ${START} REJECT OK\n`;
  await onStore([nobody], async (service) => {
    const { findings, notes } = await knocksOf(service);
    expect([findings, notes]).toEqual([
      [],
      ['Nothing could be investigated: the logs have no srcaddr and dstaddr.'],
    ]);
  });
});

test('for a time whose flows were deleted, hourly totals are shown as such', async () => {
  const DAY = 86_400;
  const knocking = every(120, 72, (at, turn) => ({ at, sport: 1024 + turn, dport: 80 }));
  await withStore([knocking], async (service) => {
    const before = await knocksOf(service);
    expect(before).toMatchObject({ notes: [onlyRejected], findings: [{ attempts: 72 * 30 }] });
    expect(before.range_investigated).toEqual({
      from: '2024-01-10T00:00:00Z',
      to: before.range?.to,
    });

    const { flows_from: since } = await service.retain({ keep: null, keepRaw: 'P1D' });
    const from = Date.parse(since ?? '') / 1000;
    const gone = (from - START) / 120;
    expect(gone).toBeGreaterThan(1000);
    const after = await knocksOf(service);
    expect(after.range).toEqual(before.range);
    expect(after.totals).toEqual(before.totals);
    expect(after.range_investigated).toEqual({ from: since, to: before.range?.to });
    expect(after.notes).toEqual(
      expect.arrayContaining([onlyRejected, expect.stringContaining('hourly totals')]),
    );
    expect(after.notes).toHaveLength(2);
    expect(after.findings).toMatchObject([{ attempts: knocking.length - gone }]);
    const told = after.findings[0]?.evidence.find(({ text }) => text.includes('hourly totals'));
    expect(told?.text).toContain(
      `${gone.toLocaleString('en-US')} rejected flows of the source since 10 January 2024 00:00`,
    );
    expect(await first(service, { ...told?.query, splits: [] })).toBe(gone);

    const old = await knocksOf(service, { from: '2024-01-10T00:00:00Z', to: '2024-01-11T00:00:00Z' });
    expect(old).toMatchObject({ findings: [], range_investigated: null });
    expect(old.totals.rejected_flows).toBe(DAY / 120);
    expect(old.notes[0]).toContain('Nothing could be investigated');
    expect(formatKnocks(old)).not.toContain('No findings');
    expect(htmlReport(old)).not.toContain('No findings');
    const recent = await knocksOf(service, { last: 'PT12H' });
    expect([recent.notes, recent.findings.length]).toEqual([[onlyRejected], 1]);
    const never = await knocksOf(service, { from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' });
    expect(never).toMatchObject({
      range_investigated: null,
      notes: ['There are no logs for this time range.'],
    });
  });
});

test('more scanners than become findings, and more sources than are listed, are said', async () => {
  const address = (i: number): string => `203.0.${113 + (i >> 8)}.${i & 255}`;
  const scanners = Array.from({ length: 205 }, (_, i) =>
    Array.from({ length: 6 }, (_, target) => ({
      at: 600 + i * 10 + target,
      from: `198.18.0.${i}`,
      to: `10.0.1.${target}`,
      sport: 40_000 + target,
      dport: 23,
    })),
  ).flat();
  const strangers = Array.from({ length: 1203 }, (_, i) =>
    every(900, 4, (at, turn) => ({ at: at + (i % 300), from: address(i), sport: 2000 + turn, dport: 80 })),
  ).flat();
  await withStore([[...scanners, ...strangers]], async (service) => {
    const { findings, notes } = await knocksOf(service);
    expect(findings.filter(({ kind }) => kind === 'scan')).toHaveLength(200);
    expect(findings.find(({ source_count: all }) => all === 1203)?.sources).toHaveLength(1000);
    expect(notes).toEqual([
      onlyRejected,
      '5 more sources scan: only the busiest are listed as findings.',
      `The 1,000 busiest of 1,203 sources at ${OURS}, port 80 are listed; all are counted.`,
    ]);
  });
});
