import { expect, test } from 'vitest';
import { useTempFolder } from '../support/temp-folder.ts';
import { every, type Flow, withFlows } from './made-flows.ts';

const folder = useTempFolder();
const HOURS = 48;
const ROUTER = '2a05:d014:77::1';
const HOST = '2a05:d014:77::10';
const usual = every(300, HOURS, (at, turn) => {
  const [server, port] = [`2600:1f18::${(turn * 7) % 90}`, 40_000 + (turn % 9000)];
  return [
    { at, from: HOST, to: server, sport: port, dport: 443, face: 'eni-1' },
    { at, from: server, to: HOST, sport: 443, dport: port, face: 'eni-1' },
  ];
});
const refused = (from: string, to: string, more: Partial<Flow>): readonly Flow[] =>
  every(120, HOURS, (at) => [{ at, from, to, packets: 1, bytes: 90, action: 'REJECT', face: 'eni-1', ...more }]); // prettier-ignore

test.each([
  ['names of neighbours (mDNS)', refused('2a05:d014:77::20', 'ff02::fb', { protocol: 17, sport: 5353, dport: 5353 })],
  ['routers that say that they are there', refused(ROUTER, 'ff02::1', { protocol: 58, sport: 0, dport: 0 })],
  ['services that announce themselves', refused('2001:db8:5::20', 'ff0e::c', { protocol: 17, sport: 50_000, dport: 1900 })],
  ['neighbours that are looked for', Array.from({ length: 40 }, (_, i) => refused(ROUTER, `ff02::1:ff00:${i + 1}`, { protocol: 58, sport: 0, dport: 0 })).flat()],
])('refused IPv6 multicast is nobody’s attempt: %s', async (_, flows) => {
  await withFlows(folder.path, [...usual, ...flows], async (service) => {
    const { findings } = await service.knocks(null);
    expect(findings.map(({ kind, summary }) => `${kind}: ${summary}`)).toEqual([]);
  });
}); // prettier-ignore
