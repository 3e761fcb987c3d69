import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/model/query/answer.ts';
import type { Finding, Knocks } from '../../src/model/knocks/knocks.ts';
import { simulate, type Truth } from '../../src/simulate/simulate.ts';
import { smallWorld } from '../../src/simulate/small-world.ts';
import { peephole, serve, type Server } from '../support/cli.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const store = (): string => join(folder.path, 'store');
let server: Server;
let truth: Truth;

beforeAll(async () => {
  const world = {
    ...smallWorld,
    flows: 28_000,
    story: { strangers: 3, perHour: 60 },
    fileMinutes: 60,
    odd: true,
  };
  ({ truth } = await simulate({ ...world, out: join(folder.path, 'logs') }));
  await peephole(['ingest', join(folder.path, 'logs', 'AWSLogs'), '--store', store(), '--quiet']);
  server = await serve(store());
});
afterAll(() => server.stop());

async function overHttp(query = ''): Promise<Knocks> {
  const response = await fetch(`${server.url}api/v1/knocks${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Knocks;
}

async function ask(query: unknown): Promise<Answer> {
  const response = await fetch(`${server.url}api/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(query),
  });
  const answer = (await response.json()) as Answer;
  expect([response.status, answer]).toEqual([200, expect.anything()]);
  return answer;
}

const total = ({ rows }: Answer): number => rows.reduce((sum, row) => sum + Number(row.at(-1)), 0);

describe('peephole knocks', () => {
  test('says the same as the HTTP interface', async () => {
    const { code, stdout } = await peephole(['knocks', '--store', store(), '--format', 'json']);
    expect(code).toBe(0);
    const told = JSON.parse(stdout) as Knocks;
    const { stats: _, ...rest } = await overHttp();
    expect(told).toMatchObject(rest);
    expect(told.findings.length).toBeGreaterThan(10);
    expect(told.findings.map(({ score }) => score)).toEqual(
      told.findings.map(({ score }) => score).toSorted((a, b) => b - a),
    );
    expect(new Set(told.findings.map(({ id }) => id)).size).toBe(told.findings.length);
  });

  test('every piece of evidence is a query that can be asked, and its numbers are those of the finding', async () => {
    const { findings } = await overHttp();
    for (const finding of findings) {
      expect([finding.id, finding.evidence.length]).not.toEqual([finding.id, 0]);
      for (const { query } of finding.evidence) if (query !== null) await ask(query);
      // Refused replies are no connections: they are counted by records.
      const counted = total(await ask(finding.query));
      if (finding.kind === 'backscatter') expect(counted).toBeGreaterThanOrEqual(finding.attempts);
      else expect([finding.id, counted]).toEqual([finding.id, finding.attempts]);
    }
    const counted = (kind: Finding['kind']) => findings.filter((finding) => finding.kind === kind);
    for (const finding of [
      ...counted('persistent_stranger'),
      ...counted('new_stranger'),
      ...counted('stopped_stranger'),
    ]) {
      expect([finding.id, total(await ask(finding.evidence[0]?.query))]).toEqual([
        finding.id,
        finding.attempts,
      ]);
    }
  });

  test('reads well in a terminal, and as a page', async () => {
    const text = await peephole(['knocks', '--store', store()]);
    expect(text.stdout).toContain('Persistent strangers');
    expect(text.stdout).toContain(`peephole listen --port ${truth.story.target.port}`);
    for (const { address } of truth.story.sources) expect(text.stdout).toContain(address);
    const html = await peephole(['knocks', '--store', store(), '--format', 'html']);
    expect(html.stdout).toMatch(/^<!doctype html>/);
  });

  test('a range can be given in each form, and invalid ones are refused', async () => {
    const from = truth.range.from;
    const noon = from.replace('T00', 'T12');
    const half = await overHttp(`?from=${from}&to=${noon}`);
    const [first] = half.findings;
    expect(half.range).toEqual({ from, to: noon });
    expect(first?.target?.address).toBe(truth.story.target.address);
    expect(first?.coverage.hours).toBe(12);
    expect(Date.parse(first?.last_seen ?? '')).toBeLessThan(Date.parse(noon));
    const last = await peephole(['knocks', '--last', 'PT6H', '--store', store(), '--format', 'json']);
    expect((JSON.parse(last.stdout) as Knocks).findings[0]?.target?.address).toBe(truth.story.target.address);
    for (const options of [
      ['--last', 'soon'],
      ['--from', from],
      ['--last', 'P1D', '--from', from],
      ['--format', 'pdf'],
    ]) {
      const { code, stderr } = await peephole(['knocks', ...options, '--store', store()]);
      expect([options, code, stderr.length > 0]).toEqual([options, 2, true]);
    }
    for (const [query, status] of [
      ['?last=soon', 400],
      ['?from=1', 400],
      ['?until=x', 400],
      ['?last=P1D&from=2018-06-20', 409],
      ['?from=2018-06-20', 409],
    ] as const) {
      const response = await fetch(`${server.url}api/v1/knocks${query}`);
      expect([query, response.status]).toEqual([query, status]);
    }
  });

  test('an empty store has no findings', async () => {
    await writeFile(
      join(folder.path, 'nothing.log'),
      '2 123456789010 eni-1 - - - - - - - 1529452800 1529452860 - NODATA\n',
    );
    await peephole(['ingest', '--store', join(folder.path, 'empty'), join(folder.path, 'nothing.log')]);
    const { code, stdout } = await peephole([
      'knocks',
      '--store',
      join(folder.path, 'empty'),
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      range: null,
      findings: [],
      totals: { flows: 0, rejected_share: null },
    });
  });
});
