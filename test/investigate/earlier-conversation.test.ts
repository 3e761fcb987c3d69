import { expect, test } from 'vitest';
import { LocalService } from '../../src/service/local-service.ts';
import { header, logLine } from '../support/log-lines.ts';
import { withLoggedStore } from '../support/logged-store.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const START = 1_772_496_000;
const OURS = '10.20.1.10';
const GUEST = '198.51.100.10';
const OTHER = '198.51.100.77';

/**
 * Two outside addresses try a port from one port of theirs for two days. One of them had used a service of the same machine
 * before, from the ports given.
 */
async function findingsAbout(protocol: number, ports: readonly number[]): Promise<readonly string[]> {
  const lines: string[] = [];
  const flow = (srcaddr: string, dstaddr: string, srcport: number, dstport: number, start: number, action = 'ACCEPT') =>
    lines.push(logLine({ srcaddr, dstaddr, srcport, dstport, protocol, start, end: start + 2, action })); // prettier-ignore
  for (const [i, port] of ports.entries()) {
    flow(GUEST, OURS, port, 1194, START + i * 60);
    flow(OURS, GUEST, 1194, port, START + i * 60);
  }
  for (let i = 0; i < 280; i++) {
    flow(GUEST, OURS, 50_123, 5678, START + 3600 + i * 600, 'REJECT');
    flow(OTHER, OURS, 50_123, 5678, START + 3600 + i * 600 + 100, 'REJECT');
  }
  for (let i = 0; i < 900; i++) {
    flow('10.20.1.20', '10.20.1.21', 33_000 + i, 5432, START + i * 190);
    flow('10.20.1.21', '10.20.1.20', 5432, 33_000 + i, START + i * 190);
  }
  return withLoggedStore(folder.path, [`${[header, ...lines].join('\n')}\n`], async (store) => {
    const { findings } = await new LocalService(store).knocks(null);
    const about = findings.filter(({ sources }) =>
      sources.some(({ address }) => [GUEST, OTHER].includes(address)),
    );
    return about.map(({ kind, sources }) => `${kind}: ${sources.map(({ address }) => address).toSorted().join(' ')}`); // prettier-ignore
  });
}

test('whoever was served at another port before tries all the same: only answers to the very port are late replies', async () => {
  expect(await findingsAbout(17, [41_000, 41_001, 41_002])).toEqual([
    `persistent_stranger: ${GUEST} ${OTHER}`,
  ]);
});

test('what comes back from a port that something was sent to is a late reply', async () => {
  const found = await findingsAbout(17, [50_123]);
  expect(found).toContain(`backscatter: ${GUEST}`);
  expect(found).toContain(`persistent_stranger: ${OTHER}`);
});
