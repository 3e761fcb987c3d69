import { expect, test } from 'vitest';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import { LocalService } from '../../src/service/local-service.ts';
import { withLoggedStore } from '../support/logged-store.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { emptyEvidence } from './made-flows.ts';

const folder = useTempFolder();
const START = Date.UTC(2024, 0, 10) / 1000;
const HOURS = 73;
const GB = 1024 ** 3;
const [WEB, STORE, BATCH, OUT, RARE] = ['10.0.1.5', '10.0.2.7', '10.0.1.9', '198.51.100.7', '203.0.113.9'];

interface Line {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly sport: number;
  readonly dport: number;
  readonly bytes: number;
}

/** What goes there, and what comes back. */
const asked = (at: number, from: string, to: string, dport: number, bytes: number): readonly Line[] => {
  const sport = 40_000 + (at % 20_000);
  return [
    { at, from, to, sport, dport, bytes },
    { at, from: to, to: from, sport: dport, dport: sport, bytes: 500 },
  ];
};
const each = (seconds: number, hours: number, make: (at: number) => readonly Line[]): readonly Line[] =>
  Array.from({ length: (hours * 3600) / seconds }, (_, turn) => make(turn * seconds)).flat();

/** A machine that is asked until it is gone, one that asks outside by a timer, one that once sends much. */
const lines: readonly Line[] = [
  ...each(600, HOURS, (at) => asked(at, WEB, '10.0.2.8', 443, 5000)),
  ...each(600, 48, (at) => asked(at, WEB, STORE, 5432, 4000)),
  ...each(300, HOURS, (at) => asked(at + 7, BATCH, RARE, 8443, 900)),
  ...each(1800, HOURS, (at) => asked(at + ((at * 7919) % 1709), '10.0.1.7', OUT, 443, 900_000)),
  ...each(1200, 2, (at) => asked(at + 50 * 3600, '10.0.1.7', '198.51.100.8', 443, 900_000_000)),
];

const own = (address: string): boolean => address.startsWith('10.');
/** The logs of interfaces, in a format without the action. */
const ofInterfaces = (some: readonly Line[]): string =>
  [
    'version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end log-status',
    ...some.flatMap((line) =>
      [line.from, line.to].filter(own).map((end) => ['2', `eni-${end}`, line.from, line.to, line.sport, line.dport, 6, 10, line.bytes, START + line.at, START + line.at + 5, 'OK'].join(' ')),
    ),
  ].join('\n'); // prettier-ignore

/** The same in one that lacks the interface too. */
const ofNoInterface = (some: readonly Line[]): string =>
  [
    'version srcaddr dstaddr srcport dstport protocol packets bytes start end log-status',
    ...some.map((line) => ['2', line.from, line.to, line.sport, line.dport, 6, 10, line.bytes, START + line.at, START + line.at + 5, 'OK'].join(' ')),
  ].join('\n'); // prettier-ignore

/** The logs of a transit gateway, which always lack it. */
const ofGateway = (some: readonly Line[]): string =>
  [
    'version resource-type account-id tgw-id tgw-attachment-id srcaddr dstaddr srcport dstport protocol packets bytes start end log-status flow-direction',
    ...some.flatMap((line) =>
      ['ingress', 'egress'].map((way) => ['6 TransitGateway 123456789012 tgw-0aa tgw-attach-0bb', line.from, line.to, line.sport, line.dport, 6, 10, line.bytes, START + line.at, START + line.at + 5, 'OK', way].join(' ')),
    ),
  ].join('\n'); // prettier-ignore

async function withKnocks(
  texts: readonly string[],
  use: (findings: readonly Finding[], notes: readonly string[], service: LocalService) => Promise<void>,
): Promise<void> {
  await withLoggedStore(
    folder.path,
    texts.map((text) => `${text}\n`),
    async (store) => {
      const service = new LocalService(store);
      const { findings, notes } = await service.knocks(null);
      await use(findings, notes, service);
    },
  );
}

const kindsOf = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ kind }) => kind).toSorted();

test('of interfaces whose logs have no action what vanished, is sent out, and costs is found; of the rest it is said', async () => {
  await withKnocks([ofInterfaces(lines)], async (findings, notes, service) => {
    expect(kindsOf(findings)).toEqual(['outbound_beacon', 'outbound_volume', 'vanished']);
    expect(findings.find(({ kind }) => kind === 'vanished')?.target?.address).toBe(STORE);
    expect(findings.find(({ kind }) => kind === 'outbound_beacon')?.target).toMatchObject({ address: RARE, port: 8443 }); // prettier-ignore
    expect(findings.find(({ kind }) => kind === 'outbound_volume')?.sources[0]?.address).toBe('10.0.1.7');
    expect(notes[0]).toMatch(/^The logs have no action, .* exposed services, .* could not be searched for/);
    for (const { kind, evidence, query } of findings) {
      // What vanished has nothing since.
      const before = evidence.filter(({ text }) => kind !== 'vanished' || !text.includes('since') && !text.startsWith('Since')); // prettier-ignore
      expect(await emptyEvidence([...before, { text: 'the query', query }], service)).toEqual([]);
      expect(JSON.stringify([query, evidence])).not.toContain('"action"');
    }
  });
});

const busy = each(3600, HOURS, (at) => asked(at, WEB, STORE, 5432, 5 * GB));

test('of a transit gateway alone the cost is found', async () => {
  await withKnocks([ofGateway(busy)], async (findings, _, service) => {
    const [cost] = findings;
    expect(findings).toHaveLength(1);
    expect(cost).toMatchObject({ id: expect.stringMatching(/^cost-/), kind: 'cost' });
    expect(cost?.amounts.find(({ name }) => name === 'bytes')?.value).toBe(HOURS * (5 * GB + 500));
    expect(cost?.score_parts.find(({ name }) => name === 'share')?.value).toBe(1);
    expect(await emptyEvidence(cost?.evidence ?? [], service)).toEqual([]);
  });
});

test('of a transit gateway beside interfaces whose logs do have actions too', async () => {
  const accepted = [
    'version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
    ...each(3600, HOURS, (at) => asked(at, WEB, '10.0.1.8', 80, 1000)).map((line) => ['2 eni-1', line.from, line.to, line.sport, line.dport, 6, 10, line.bytes, START + line.at, START + line.at + 5, 'ACCEPT OK'].join(' ')),
  ].join('\n'); // prettier-ignore
  await withKnocks([accepted, ofGateway(busy)], async (findings, notes, service) => {
    expect(kindsOf(findings)).toEqual(['cost']);
    expect(findings[0]?.amounts.find(({ name }) => name === 'bytes')?.value).toBe(HOURS * (5 * GB + 500));
    expect(findings[0]?.hourly.attempts.slice(0, HOURS)).toEqual(
      Array.from({ length: HOURS }, () => 5 * GB + 500),
    );
    expect(await emptyEvidence(findings[0]?.evidence ?? [], service)).toEqual([]);
    expect(notes).toEqual([]);
  });
});

// Where flows name no interface, those of a gateway differ from them by the gateway alone.
test.each([
  ['in every hour is found', () => true, [RARE]],
  [
    'in a few hours is none, though a gateway logs the same two in every hour',
    (hour: number) => hour % 20 === 0,
    [],
  ],
] as const)('a timer of a machine without an interface %s', async (_, isLogged, found) => {
  const isOfTimer = ({ from, to }: Line): boolean => [from, to].includes(RARE);
  const hourOf = ({ at }: Line): number => Math.floor(at / 3600);
  const logged = lines.filter((line) => !isOfTimer(line) || isLogged(hourOf(line)));
  await withKnocks([ofNoInterface(logged), ofGateway(lines.filter(isOfTimer))], async (findings) => {
    const timers = findings.filter(({ kind }) => kind === 'outbound_beacon');
    expect(timers.map(({ target }) => target?.address)).toEqual(found);
  });
});
