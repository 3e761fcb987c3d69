import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logFiles, readLines, type Line } from './read-back.ts';
import { simulate, type SimulationSummary, type Truth } from './simulate.ts';
import { smallWorld } from './small-world.ts';

let folder = '';
let summary: SimulationSummary;
let truth: Truth;
let lines: Line[] = [];
let flows: Line[] = [];
let unknownHours: Set<number>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-simulate-'));
  const out = join(folder, 'one');
  summary = await simulate({ ...smallWorld, out });
  truth = JSON.parse(await readFile(join(out, 'truth.json'), 'utf8')) as Truth;
  lines = await readLines(join(out, 'AWSLogs'));
  flows = lines.filter((line) => line['log-status'] === 'OK');
  unknownHours = hoursOf(truth.gaps.outages);
  for (const hour of hoursOf(
    truth.gaps.skipdata.filter((skip) => skip.interface_id === truth.story.target.interface_id),
  )) {
    unknownHours.add(hour);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const start = Date.parse('2018-06-20T00:00:00Z') / 1000;
const hourOf = (line: Line): number => Math.floor((Number(line['start']) - start) / 3600);
const seconds = (iso: string): number => Date.parse(iso) / 1000;

function hoursOf(gaps: readonly { readonly from: string; readonly to: string }[]): Set<number> {
  const hours = new Set<number>();
  for (const gap of gaps) {
    for (let at = seconds(gap.from); at < seconds(gap.to); at += 60)
      hours.add(Math.floor((at - start) / 3600));
  }
  return hours;
}

function sum(list: readonly Line[], field: string): number {
  return list.reduce((total, line) => total + Number(line[field]), 0);
}

describe('truth equals a recount of the files', () => {
  test('totals', async () => {
    expect(flows.length).toBe(smallWorld.flows);
    expect(truth.totals).toEqual({
      flows: flows.length,
      rejected_flows: flows.filter((line) => line['action'] === 'REJECT').length,
      rejected_share: flows.filter((line) => line['action'] === 'REJECT').length / flows.length,
      bytes: sum(flows, 'bytes'),
      packets: sum(flows, 'packets'),
      nodata: lines.filter((line) => line['log-status'] === 'NODATA').length,
      skipdata: lines.filter((line) => line['log-status'] === 'SKIPDATA').length,
      records: lines.length,
      files: (await logFiles(folder)).length,
    });
    expect(summary.records).toBe(lines.length);
    const perHour = new Map<number, number>();
    for (const line of flows) perHour.set(hourOf(line), (perHour.get(hourOf(line)) ?? 0) + 1);
    expect(truth.flows_per_hour.map((hour) => hour.flows)).toEqual(
      Array.from({ length: 24 }, (_, hour) => perHour.get(hour) ?? 0),
    );
  });

  test('every planted source and every target', () => {
    for (const entry of [truth.story, ...truth.planted]) {
      for (const source of entry.sources) {
        const theirs = flows.filter(
          (line) =>
            line['srcaddr'] === source.address &&
            ('action' in entry ? line['action'] === entry.action : true),
        );
        const times = theirs.map((line) => Number(line['start'])).toSorted((a, b) => a - b);
        // A client of ours that is refused does other things too.
        if ('kind' in entry && entry.kind === 'misconfigured_client') continue;
        expect([source.address, theirs.length]).toEqual([source.address, source.attempts]);
        expect(times[0]).toBe(seconds(source.first_seen ?? ''));
        expect(times.at(-1)).toBe(seconds(source.last_seen ?? ''));
      }
    }
    const kinds = truth.planted.map((entry) => entry.kind);
    for (const kind of [
      'slow_stranger',
      'stopped_stranger',
      'new_stranger',
      'scan',
      'port_scan',
      'brute_force',
    ]) {
      expect(kinds).toContain(kind);
    }
    expect(truth.planted.every((entry) => entry.attempts > 0)).toBe(true);
  });

  test('rejected in all is what was planted', () => {
    const rejected = truth.planted
      .filter((entry) => entry.action === 'REJECT')
      .reduce((total, entry) => total + entry.attempts, truth.story.attempts);
    expect(rejected).toBe(truth.totals['rejected_flows']);
  });

  test('connections that stay open, record by record', () => {
    const open = truth.benign.filter((entry) => entry.kind === 'long_lived');
    expect(open.length).toBeGreaterThan(0);
    for (const entry of open) {
      const [client, server] = [entry.sources[0]?.address ?? '', entry.targets[0]];
      const records = flows.filter(
        (line) =>
          line['srcaddr'] === client &&
          line['dstaddr'] === server?.address &&
          line['interface-id'] !== server?.interface_id,
      );
      expect(records.length).toBe(entry.attempts);
      expect(new Set(records.map((line) => line['srcport'])).size).toBe(entry.source_ports);
    }
  });

  test('what is regular', () => {
    expect(truth.benign.length).toBeGreaterThan(3);
    const nameOf = new Map(truth.interfaces.map((one) => [one.address, one.interface_id]));
    for (const entry of truth.benign.filter((one) => one.kind === 'health_check' && one.protocol === 6)) {
      const [target] = entry.targets;
      const calls = flows.filter(
        (line) =>
          line['interface-id'] === target?.interface_id &&
          line['srcaddr'] === entry.sources[0]?.address &&
          line['dstport'] === String(entry.ports[0]),
      );
      expect(calls.length).toBeGreaterThanOrEqual(entry.attempts);
      expect(nameOf.has(entry.sources[0]?.address ?? '')).toBe(true);
    }
  });
});

describe('the story', () => {
  test('knocks on port 80 of one address, 180 to 184 times in every known hour, from new ports', () => {
    expect(truth.story.target).toMatchObject({ name: 'metrics-collector-3', port: 80, protocol: 6 });
    expect(truth.story.target.public_address).toMatch(/^54\.172\./);
    expect(truth.story.sources.length).toBe(4);
    expect(unknownHours.size).toBe(truth.story.coverage.unknown_hours);
    for (const source of truth.story.sources) {
      const theirs = flows.filter((line) => line['srcaddr'] === source.address);
      for (const line of theirs) {
        expect(line).toMatchObject({
          'interface-id': truth.story.target.interface_id,
          dstaddr: truth.story.target.address,
          dstport: '80',
          protocol: '6',
          action: 'REJECT',
        });
      }
      const counts = Array.from(
        { length: 24 },
        (_, hour) => theirs.filter((line) => hourOf(line) === hour).length,
      );
      const known = counts.filter((_, hour) => !unknownHours.has(hour));
      expect(Math.min(...known)).toBeGreaterThanOrEqual(180);
      expect(Math.max(...known)).toBeLessThanOrEqual(184);
      expect(source.per_hour?.min).toBeGreaterThanOrEqual(180);
      expect(source.per_hour?.max).toBeLessThanOrEqual(184);
      const ports = theirs.map((line) => Number(line['srcport']));
      expect(ports.every((port, i) => port >= 32_768 && port <= 60_999 && port !== ports[i + 1])).toBe(true);
      const gaps = theirs.slice(1).map((line, i) => Number(line['start']) - Number(theirs[i]?.['start']));
      const near = gaps.filter((gap) => gap >= 17 && gap <= 23).length;
      expect(near / gaps.length).toBeGreaterThan(0.97);
    }
  });

  test('is the first of the rejected by far', () => {
    const perAddress = new Map<string, number>();
    for (const line of flows) {
      if (line['action'] !== 'REJECT') continue;
      perAddress.set(`${line['dstaddr']}`, (perAddress.get(`${line['dstaddr']}`) ?? 0) + 1);
    }
    const [first, second] = [...perAddress].toSorted((a, b) => b[1] - a[1]);
    expect(first?.[0]).toBe(truth.story.target.address);
    expect(first?.[1]).toBeGreaterThan(3 * (second?.[1] ?? 0));
  });

  test('happens to a machine that talks to load balancers and Kafka alone', () => {
    const nameOf = new Map(truth.interfaces.map((one) => [one.address, one.name]));
    const peers = new Set<string>();
    for (const line of flows) {
      if (line['interface-id'] !== truth.story.target.interface_id || line['action'] === 'REJECT') continue;
      const other = line['srcaddr'] === truth.story.target.address ? line['dstaddr'] : line['srcaddr'];
      peers.add(nameOf.get(other as string)?.replace(/-\d$/, '') ?? 'outside');
    }
    expect(peers).toEqual(new Set(['metrics-lb', 'kafka']));
  });
});

describe('activity', () => {
  test('weekends are quieter and nights too', async () => {
    const out = join(folder, 'week');
    const week = await simulate({
      ...smallWorld,
      out,
      days: 7,
      flows: 60_000,
      story: { strangers: 1, perHour: 40 },
      fileMinutes: 60,
    });
    const mean = (keep: (day: number, hour: number) => boolean): number => {
      const hours = week.truth.flows_per_hour
        .map((one, i) => ({
          accepted: one.flows - one.rejected_flows,
          day: Math.floor(i / 24),
          hour: i % 24,
          all: one.flows,
        }))
        .filter((one) => one.all > 0 && keep(one.day, one.hour));
      return hours.reduce((total, one) => total + one.accepted, 0) / hours.length;
    };
    // The week begins on a Wednesday.
    expect(mean((day) => day === 3 || day === 4)).toBeLessThan(0.85 * mean((day) => day < 3));
    expect(mean((_, hour) => hour >= 6 && hour < 10)).toBeLessThan(
      0.7 * mean((_, hour) => hour >= 18 && hour < 22),
    );
    await rm(out, { recursive: true });
  });
});

describe('gaps', () => {
  test('an outage leaves no record of any kind', () => {
    expect(truth.gaps.outages.length).toBeGreaterThan(0);
    for (const gap of truth.gaps.outages) {
      const inside = lines.filter(
        (line) => Number(line['end']) >= seconds(gap.from) && Number(line['start']) < seconds(gap.to),
      );
      expect(inside).toEqual([]);
    }
  });

  test('SKIPDATA has its row and no flow at that interface', () => {
    expect(truth.gaps.skipdata.some((gap) => gap.name === 'metrics-collector-3')).toBe(true);
    for (const gap of truth.gaps.skipdata) {
      const there = lines.filter(
        (line) =>
          line['interface-id'] === gap.interface_id &&
          Number(line['start']) >= seconds(gap.from) &&
          Number(line['start']) < seconds(gap.to),
      );
      expect(there.length).toBeGreaterThan(0);
      expect(there.every((line) => line['log-status'] === 'SKIPDATA' && line['srcaddr'] === '-')).toBe(true);
    }
  });

  test('an interface with NODATA has no flows', () => {
    for (const id of truth.gaps.nodata_interfaces) {
      const there = lines.filter((line) => line['interface-id'] === id);
      expect(there.length).toBeGreaterThan(0);
      expect(there.every((line) => line['log-status'] === 'NODATA')).toBe(true);
    }
  });
});

describe('records', () => {
  test('are possible', () => {
    const possible = (line: Line): boolean => {
      const [packets = 0, bytes = 0, from = 0, to = 0] = ['packets', 'bytes', 'start', 'end'].map((field) =>
        Number(line[field]),
      );
      const ports = [Number(line['srcport']), Number(line['dstport'])];
      return (
        packets >= 1 &&
        bytes >= packets * 40 &&
        from >= start &&
        to >= from &&
        to - from < 600 &&
        to < start + 86_400 &&
        ports.every((port) => (line['protocol'] === '1' ? port === 0 : port > 0 && port < 65_536))
      );
    };
    expect(flows.filter((line) => !possible(line))).toEqual([]);
    expect(flows.some((line) => line['srcaddr']?.includes(':'))).toBe(true);
    expect(new Set(flows.map((line) => line['protocol']))).toEqual(new Set(['6', '17', '1']));
  });

  test('of an exchange between two interfaces of ours stand at both', () => {
    const idOf = new Map(truth.interfaces.map((one) => [one.address, one.interface_id]));
    const key = (line: Line): string =>
      ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'start', 'bytes']
        .map((field) => line[field])
        .join(' ');
    const seen = new Map<string, Set<string>>();
    // A connection that stays open has other windows at the other end; one that ends within a minute doesn't.
    const brief = flows.filter((line) => ['8080', '8081', '9000'].includes(`${line['dstport']}`));
    for (const line of brief) {
      if (!idOf.has(`${line['srcaddr']}`) || !idOf.has(`${line['dstaddr']}`)) continue;
      seen.set(key(line), (seen.get(key(line)) ?? new Set()).add(`${line['interface-id']}`));
    }
    expect(seen.size).toBeGreaterThan(100);
    const skipped = new Set(truth.gaps.skipdata.map((gap) => gap.interface_id));
    for (const [record, ids] of seen) {
      const [src = '', dst = ''] = record.split(' ');
      if (skipped.has(`${idOf.get(src)}`) || skipped.has(`${idOf.get(dst)}`)) continue;
      expect([record, ids]).toEqual([record, new Set([idOf.get(src), idOf.get(dst)])]);
    }
  });
});
