import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { serve } from '../support/cli.ts';
import { jsonHere, runHere, serveHere, type ServerHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

/** What the simulator says it planted, as far as these tests read it. */
interface Truth {
  readonly range: { readonly from: string; readonly to: string };
  readonly totals: {
    readonly flows: number;
    readonly rejected_flows: number;
    readonly rejected_share: number;
  };
  readonly story: {
    readonly target: {
      readonly address: string;
      readonly name: string;
      readonly port: number;
      readonly interface_id: string;
    };
    readonly attempts: number;
    readonly coverage: { readonly hours: number; readonly unknown_hours: number };
    readonly sources: readonly {
      readonly address: string;
      readonly attempts: number;
      readonly per_hour: { readonly min: number; readonly max: number };
    }[];
  };
  readonly planted: readonly {
    readonly kind: string;
    readonly sources: readonly { readonly address: string }[];
  }[];
  readonly gaps: {
    readonly outages: readonly { readonly from: string; readonly to: string }[];
    readonly skipdata: readonly {
      readonly interface_id: string;
      readonly from: string;
      readonly to: string;
    }[];
  };
}

export interface Served {
  readonly url: string;
  readonly truth: Truth;
}

/** A server on simulated logs and their inventory for a test file, and the truth about them. Read it inside tests only. */
export function simulatedServer(days: number, flows: number, seed: number): Served {
  const folder = useTempFolder();
  const served: { url: string; truth: Truth } = { url: '', truth: {} as Truth };
  let server: Pick<ServerHere, 'url' | 'stop'> | undefined;
  beforeAll(async () => {
    const [logs, store] = [join(folder.path, 'logs'), join(folder.path, 'store')];
    const size = ['--days', String(days), '--flows', String(flows), '--seed', String(seed)];
    const { code, stderr } = await runHere(['simulate', '--out', logs, ...size, '--quiet']);
    if (code !== 0) throw new Error(stderr);
    await runHere(['ingest', logs, '--store', store, '--quiet']);
    const cloud = ['network-interfaces', 'instances'].map((name) => join(logs, 'inventory', `${name}.json`));
    await runHere(['inventory', 'import', ...cloud, '--store', store, '--quiet']);
    served.truth = JSON.parse(await readFile(join(logs, 'truth.json'), 'utf8')) as Truth;
    server = await serveHere(store, ['--quiet']);
    served.url = server.url;
  });
  afterAll(() => server?.stop());
  return served;
}

/**
 * A server on these log lines, or on an empty store; `inventory`: what EC2 says, as the AWS command line prints it.
 * Read it inside tests only.
 */
export function serverOn(
  lines: readonly string[] | null,
  inventory: Readonly<Record<string, unknown>> | null = null,
): { readonly url: string } {
  return served(lines, inventory, serveHere);
}

/** A server on these log lines, in a process of its own, whose store can be given more. Read it inside tests only. */
export function growingServer(lines: readonly string[]): { readonly url: string; readonly store: string } {
  return served(lines, null, serve);
}

function served(
  lines: readonly string[] | null,
  inventory: Readonly<Record<string, unknown>> | null,
  start: (store: string, more: readonly string[]) => Promise<Pick<ServerHere, 'url' | 'stop'>>,
): { readonly url: string; readonly store: string } {
  const folder = useTempFolder();
  const served = { url: '', store: '' };
  let server: Pick<ServerHere, 'url' | 'stop'> | undefined;
  beforeAll(async () => {
    served.store = join(folder.path, 'store');
    if (lines !== null) {
      const file = join(folder.path, 'flows.log');
      await writeFile(file, `${lines.join('\n')}\n`);
      await jsonHere(['ingest', file, '--store', served.store, '--quiet', '--json']);
    }
    if (inventory !== null) {
      const file = join(folder.path, 'inventory.json');
      await writeFile(file, JSON.stringify(inventory));
      await runHere(['inventory', 'import', file, '--store', served.store, '--quiet']);
    }
    server = await start(served.store, ['--quiet']);
    served.url = server.url;
  });
  afterAll(() => server?.stop());
  return served;
}

/** Two hours of a small network's flows, the same each time: for tests of the page that need no story. */
export function sampleLines(): readonly string[] {
  const header = 'version srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
  const ports = [443, 443, 443, 80, 80, 22, 8443, 6379, 53, 3389];
  return [
    header,
    ...Array.from({ length: 3000 }, (_, at) => {
      const port = ports[(at * 7) % ports.length] ?? 443;
      const [from, to] = [`18.204.207.${(at * at) % 23}`, `10.0.0.${(at * 3) % 11}`];
      const start = 1_529_452_800 + ((at * 37) % 7200);
      const action = port === 22 || port === 3389 || at % 9 === 0 ? 'REJECT' : 'ACCEPT';
      const protocol = port === 53 ? 17 : 6;
      return `2 ${from} ${to} ${40_000 + (at % 50)} ${port} ${protocol} ${1 + (at % 5)} ${60 + at} ${start} ${start + 30} ${action} OK`;
    }),
  ];
}
