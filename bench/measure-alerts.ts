import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AlertRunner } from '../src/alerts/alert-runner.ts';
import { DuckDbStore } from '../src/engine/duckdb/duckdb-store.ts';
import type { StoredDocument } from '../src/model/document/document.ts';
import { parseDocument } from '../src/model/document/parse-document.ts';
import { LocalService } from '../src/service/local-service.ts';
import { median } from './measure-ingest.ts';

export interface AlertFigures {
  /** Share of one core that 500 alerts take which are looked at every minute. */
  readonly alertsCore: number;
  /** Statements that one look at all of them asks. */
  readonly alertStatements: number;
}

const ALERTS = 500;
const ROUNDS = 5;
const MINUTE = 60_000;

/** Looks at 500 alerts minute by minute, within the last hours of a store, in this process. */
export async function measureAlerts(
  store: string,
  memoryBytes: number,
  parent: string,
): Promise<AlertFigures> {
  // In a copy, since what is kept of the alerts goes into the store's folder.
  const folder = await mkdtemp(join(parent, 'peephole-bench-'));
  await cp(store, folder, { recursive: true });
  const flows = await DuckDbStore.open({ folder, memoryBytes, threads: 2 });
  try {
    const service = new LocalService(flows);
    const { range } = await service.status();
    if (range === null) throw new Error('The store is empty.');
    const documents = alertsOf();
    let asked = 0;
    const runner = new AlertRunner({
      source: {
        documents: async () => documents,
        query: (query) => {
          asked++;
          return service.query(query);
        },
        knocks: (time) => service.knocks(time),
        sources: () => service.sources(),
        status: () => service.status(),
      },
      folder,
      channels: () => [],
      url: () => 'http://localhost',
      warn: (message) => {
        throw new Error(message);
      },
      takeLock: async () => ({ release: async () => undefined }),
    });
    await runner.begin();
    const end = Math.floor(Date.parse(range.to) / MINUTE) * MINUTE - 3 * 3_600_000;
    const cpu: number[] = [];
    const statements: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const [before, began] = [asked, process.cpuUsage()];
      await runner.evaluateDue(end + round * MINUTE);
      const { user, system } = process.cpuUsage(began);
      // The first round warms up.
      if (round > 0) {
        cpu.push((user + system) / 1000 / MINUTE);
        statements.push(asked - before);
      }
    }
    await runner.end();
    return { alertsCore: median(cpu), alertStatements: median(statements) };
  } finally {
    await flows.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What teams watch: an amount for each service and each machine, changes against the day before, new values, silence. */
function alertsOf(): readonly StoredDocument<'alerts'>[] {
  return Array.from({ length: ALERTS }, (_, at) => {
    const name = `Alert ${at}`;
    const content = parseDocument('alerts', {
      name,
      every: 'PT1M',
      condition: conditionOf(at),
    });
    return { id: `a${at}`, version: 1, changed_at: '2026-01-01T00:00:00Z', content, original: null };
  });
}

function conditionOf(at: number): object {
  const port = [{ field: 'dstport', in: [at] }];
  const machine = [{ field: 'dstaddr', in: [`10.0.${at % 12}.${at % 200}`] }];
  const measure = ['flows', 'bytes', 'rejected_flows'][at % 3];
  const window = ['PT5M', 'PT15M', 'PT1H'][at % 3];
  switch (at % 10) {
    case 0:
      return {
        kind: 'change',
        measure: 'bytes',
        shift: 'P1D',
        increase: 200,
        window: 'PT1H',
        filter: machine,
      };
    case 1:
      return { kind: 'amount', measure, window, above: 1e9, split: 'srcaddr', filter: [{ field: 'action', in: ['REJECT'] }] }; // prettier-ignore
    case 2:
      return { kind: 'amount', measure: 'flows', window: 'PT15M', below: 0.5, filter: port };
    default:
      return { kind: 'amount', measure, window, above: 1e9, filter: at % 2 === 0 ? port : machine };
  }
}
