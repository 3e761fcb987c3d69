import { expect, test } from 'vitest';
import { LocalService } from '../../src/service/local-service.ts';
import { withLoggedStore } from '../support/logged-store.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const START = Date.UTC(2024, 0, 10) / 1000;
const HOURS = 30;

/** Hourly flows of a transit gateway, each of 10 packets, of which some are lost: without a route, to a blackhole. */
const log = (ends: readonly (readonly [from: string, to: string, noRoute: number, blackhole: number])[]): string => // prettier-ignore
  [
    'version resource-type account-id tgw-id tgw-attachment-id srcaddr dstaddr srcport dstport protocol packets bytes start end log-status packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired',
    ...Array.from({ length: HOURS }, (_, hour) =>
      ends.map(([from, to, noRoute, blackhole]) =>
        ['6 TransitGateway 123456789012 tgw-0aa tgw-attach-0bb', from, to, 40_000 + hour, 443, 6, 10, 600, START + hour * 3600, START + hour * 3600 + 5, 'OK', noRoute, blackhole, 0, 0].join(' '),
      ),
    ).flat(),
    '',
  ].join('\n'); // prettier-ignore

async function notesOn(text: string, use: (notes: readonly string[], service: LocalService) => Promise<void> | void): Promise<void> {
  await withLoggedStore(folder.path, [text], async (store) => {
    const service = new LocalService(store);
    await use((await service.knocks(null)).notes.filter((note) => note.includes(' lost ')), service);
  });
} // prettier-ignore

test('packets that a transit gateway lost are noted, for each reason, with where most were lost and a query', async () => {
  const text = log([
    ['10.0.1.15', '10.3.9.9', 10, 0],
    ['10.0.1.16', '10.3.9.9', 2, 0],
    ['10.0.1.17', '10.4.9.9', 0, 3],
    ['10.0.1.18', '10.2.1.1', 0, 0],
  ]);
  await notesOn(text, async (notes, service) => {
    expect(notes.map((note) => note.slice(0, note.indexOf(' Which')))).toEqual([
      'Transit gateways lost 360 packets of 60 flow records since no route was found, 300 of them from 10.0.1.15 to 10.3.9.9.',
      'Transit gateways lost 90 packets of 30 flow records to a blackhole route, all of them from 10.0.1.17 to 10.4.9.9.',
    ]);
    const query: unknown = JSON.parse(/peephole query '(.*)'$/.exec(notes[0] ?? '')?.[1] ?? 'null');
    expect((await service.query(query)).rows.map((row) => row.slice(0, 3))).toEqual([
      ['10.0.1.15', '10.3.9.9', HOURS],
      ['10.0.1.16', '10.3.9.9', HOURS],
    ]);
  });
});

test('of logs in which nothing was lost nothing is said', async () => {
  await notesOn(log([['10.0.1.18', '10.2.1.1', 0, 0]]), (notes) => {
    expect(notes).toEqual([]);
  });
});
