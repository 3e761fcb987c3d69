import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AlertRunner } from '../../src/alerts/alert-runner.ts';
import { readRecords } from '../../src/alerts/alert-records.ts';
import type { StoredDocument } from '../../src/model/document/document.ts';
import { parseDocument } from '../../src/model/document/parse-document.ts';
import { LocalService } from '../../src/service/local-service.ts';
import { defaultView } from '../../src/view/view.ts';
import { readKnocksUrl } from '../../web/state/knocks-url.ts';
import { withLoggedStore } from '../support/logged-store.ts';
import { header, logLine } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const start = Date.UTC(2026, 0, 5) / 1000;
const HOUR = 3600;
const HOURS = 20 * 24;

/** Twenty days: one stranger tries a port for days at their beginning, another one at their end. */
function logs(): string {
  const lines: string[] = [];
  const flow = (hour: number, second: number, more: Readonly<Record<string, string | number>>): void => {
    const from = start + hour * HOUR + second;
    lines.push(logLine({ start: from, end: from + 30, srcport: 30_000 + (lines.length % 30_000), ...more }));
  };
  for (let hour = 0; hour < HOURS; hour++) {
    for (let second = 0; second < HOUR; second += 600)
      flow(hour, second, { srcaddr: '10.0.1.1', dstport: 443, action: 'ACCEPT' });
    const knocks = (srcaddr: string, dstport: number): void => {
      for (let second = 5; second < HOUR; second += 300) flow(hour, second, { srcaddr, dstport, packets: 1, bytes: 40 }); // prettier-ignore
    };
    if (hour >= 48 && hour < 120) knocks('203.0.113.77', 3389);
    if (hour >= HOURS - 72) knocks('203.0.113.78', 5900);
  }
  return `${[header, ...lines].join('\n')}\n`;
}

test('the link of a finding opens the page with what the message says: its time, the finding, its score', async () => {
  await withLoggedStore(folder.path, [logs()], async (store) => {
    const service = new LocalService(store);
    const alertOn = (id: string, kinds: readonly string[]): StoredDocument<'alerts'> => {
      const condition = { kind: 'finding', kinds, score: 0.1 };
      const content = parseDocument('alerts', { name: 'Somebody knocks', channels: ['hook'], condition });
      return { id, version: 1, changed_at: '', content, original: null };
    };
    const alerts = new AlertRunner({
      source: {
        documents: async () => [alertOn('all', []), alertOn('one', ['stopped_stranger'])],
        query: (query) => service.query(query),
        knocks: (time) => service.knocks(time),
        sources: async () => [],
        status: () => service.status(),
      },
      folder: join(folder.path, 'alerts'),
      channels: () => [],
      url: () => 'https://peephole.example/',
      warn: (message) => expect.unreachable(message),
      takeLock: async () => ({ release: async () => undefined }),
    });
    await alerts.begin();
    await alerts.evaluateDue((start + HOURS * HOUR + 1200) * 1000);
    const { outbox } = await readRecords(join(folder.path, 'alerts'));
    const found = new Map<string, number>();
    for (const { message } of outbox) {
      found.set(message.alert.id, message.rows.length);
      const link = new URL(message.link);
      expect(link.pathname).toBe('/knocks');
      const { view, notices } = readKnocksUrl(link.search, defaultView('Etc/UTC'), () => 'other');
      expect(notices).toEqual([]);
      // What the page then asks for, and shows of it.
      if (view.time.kind !== 'absolute') return expect.unreachable(message.link);
      const [from, to] = [view.time.from, view.time.to].map((time) => new Date(time).toISOString());
      const page = await service.knocks({ from, to });
      const shown = page.findings.filter(({ kind }) => view.kind === undefined || kind === view.kind);
      const texts = (all: readonly { readonly id?: unknown; readonly summary?: unknown }[]): unknown =>
        all.map(({ id, summary }) => `${String(id)} ${String(summary)}`).toSorted();
      expect(texts(shown)).toEqual(texts(message.rows));
      const opened = shown.find(({ id }) => id === view.finding);
      expect(opened).toMatchObject({ id: message.rows[0]?.['id'], score: message.value });
    }
    expect([...found]).toEqual([['all', 3], ['one', 1]]); // prettier-ignore
    // In the last days, which the page shows by itself, there is less.
    const usual = await service.knocks({ last: 'P7D' });
    expect(usual.findings.length).toBeLessThan(3);
  });
}, 60_000);
