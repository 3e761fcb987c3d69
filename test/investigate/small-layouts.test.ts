import { expect, test } from 'vitest';
import type { Knocks } from '../../src/model/knocks/knocks.ts';
import { LocalService } from '../../src/service/local-service.ts';
import { withLoggedStore } from '../support/logged-store.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const temp = useTempFolder();
const START = Date.UTC(2024, 0, 10) / 1000;
const HOURS = 30;

type Row = Readonly<Record<string, string | number>>;

/** Rows by the clock, for all hours. */
const every = (seconds: number, make: (start: number, turn: number) => readonly Row[]): readonly Row[] =>
  Array.from({ length: Math.floor((HOURS * 3600) / seconds) }, (_, turn) =>
    make(START + turn * seconds, turn),
  ).flat();

/** What an investigation says of logs that have these fields alone. */
function knocksOf(fields: readonly string[], rows: readonly Row[]): Promise<Knocks> {
  const lines = rows.map((row) => fields.map((field) => row[field] ?? '-').join(' '));
  return withLoggedStore(temp.path, [`${[fields.join(' '), ...lines].join('\n')}\n`], (store) =>
    new LocalService(store).knocks(null),
  );
}

const told = ({ findings, rest }: Knocks): number =>
  [...findings.map((one) => one.rejected_flows), ...rest.map(({ flows }) => flows)].reduce(
    (a, b) => a + b,
    0,
  );

/** Traffic of every five minutes: all hours have logs. */
const usual = every(300, (start) => [
  { srcaddr: '10.0.0.7', dstaddr: '10.0.0.8', srcport: 40_000, dstport: 5432, protocol: 6, packets: 9, bytes: 9000, start, end: start + 1, action: 'ACCEPT' },
]); // prettier-ignore

test.each([
  ['bytes alone', ['srcaddr', 'dstaddr', 'dstport', 'bytes', 'start', 'action']],
  ['neither packets nor bytes', ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'start', 'action']],
  ['packets alone', ['srcaddr', 'dstaddr', 'dstport', 'packets', 'start', 'action']],
])('who is served at another port a moment later is a client: %s', async (_, fields) => {
  const client = { srcaddr: '198.51.100.7', dstaddr: '10.0.0.5' };
  const rows = every(900, (start) => [
    { ...client, dstport: 80, protocol: 6, packets: 1, bytes: 44, start, action: 'REJECT' },
    { ...client, dstport: 25, protocol: 6, packets: 12, bytes: 2000, start: start + 2, action: 'ACCEPT' },
  ]);
  const knocks = await knocksOf(fields, [...usual, ...rows]);
  expect(knocks.findings).toEqual([]);
  expect(knocks.notes).toContainEqual(
    expect.stringContaining('1 source was rejected at one port of a machine'),
  );
  expect(told(knocks)).toBe(HOURS * 4);
});

test('what needs the protocol is not searched for without it, and notes say so', async () => {
  const { notes } = await knocksOf(
    'srcaddr dstaddr srcport dstport packets bytes start action'.split(' '),
    usual,
  );
  for (const what of ['Exposed services', 'Guessing that succeeded'])
    expect(notes).toContain(`${what} could not be searched for: the logs have no protocol.`);
});

test.each([
  [
    'neither',
    'protocol',
    '2 sources were answered; the logs have no bytes or no packets to tell data from TCP resets',
  ],
  [
    'packets and bytes',
    'protocol packets bytes',
    '2 sources were answered with more than a TCP reset, 2 of them with data',
  ],
])('what went back from an exposed service is told as far as logs with %s can', async (_, some, words) => {
  const fields = `srcaddr dstaddr srcport dstport ${some} start end action`.split(' ');
  const rows = every(600, (start, turn) => {
    const client = `198.51.100.${7 + (turn % 2)}`;
    const one = { protocol: 6, packets: 9, bytes: 9000, start, end: start + 2, action: 'ACCEPT' };
    return [
      { ...one, srcaddr: client, dstaddr: '10.0.0.5', srcport: 40_000 + turn, dstport: 6379 },
      { ...one, srcaddr: '10.0.0.5', dstaddr: client, srcport: 6379, dstport: 40_000 + turn },
    ];
  });
  const { findings } = await knocksOf(fields, [...usual, ...rows]);
  const [found] = findings.filter(({ kind }) => kind === 'exposed_service');
  expect(found?.evidence.map(({ text }) => text)).toContain(`Replies to them: ${words}`);
});

test('of a client that is a pod the pod is named', async () => {
  const fields = 'srcaddr dstaddr srcport dstport protocol packets bytes start end action pkt-srcaddr'.split(
    ' ',
  );
  const rows = every(45, (start, turn) => [
    { srcaddr: '10.0.0.6', dstaddr: '10.0.0.5', srcport: 33_000 + turn, dstport: 9999, protocol: 6, packets: 3, bytes: 180, start, end: start + 3, action: 'REJECT', 'pkt-srcaddr': '100.64.2.11' },
  ]); // prettier-ignore
  const { findings } = await knocksOf(fields, [...usual, ...rows]);
  expect(findings).toMatchObject([
    {
      kind: 'misconfigured_client',
      summary: expect.stringMatching(/^10\.0\.0\.6 \(for 100\.64\.2\.11\), inside your network, tries/),
      next_step: expect.stringContaining('configuration of 100.64.2.11 (a pod of 10.0.0.6, or behind it)'),
    },
  ]);
});

test('what both ends log is accounted for once where interfaces are not logged', async () => {
  const fields = 'srcaddr dstaddr srcport dstport protocol packets bytes start end action'.split(' ');
  const rows = every(300, (start, turn) => {
    const attempt = { srcaddr: '10.0.0.6', dstaddr: '10.0.0.5', srcport: 40_000 + turn, dstport: 8080, protocol: 6, packets: 1, bytes: 60, start, end: start + 1 }; // prettier-ignore
    return [
      { ...attempt, action: 'ACCEPT' },
      { ...attempt, action: 'REJECT' },
    ];
  });
  const knocks = await knocksOf(fields, [...usual, ...rows]);
  expect(knocks.findings).toMatchObject([
    { kind: 'misconfigured_client', attempts: HOURS * 12, rejected_flows: HOURS * 12 },
  ]);
  expect(told(knocks)).toBe(HOURS * 12);
});
