import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { program } from './measure-ingest.ts';
import { watchRss } from './measured-process.ts';

export interface ServedStore {
  readonly url: string;
  /** Milliseconds from the start of the process to its first answer. */
  readonly coldOpen: number;
  /** Ends the server; its peak of resident memory, in bytes. */
  stop(): Promise<number>;
}

/** Starts a server for a store, in a process of its own. */
export async function serveStore(store: string, memory: string): Promise<ServedStore> {
  const began = performance.now();
  const server = spawn(
    process.execPath,
    [program, 'serve', '--quiet', '--store', store, '--memory', memory, '--port', '0'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const watch = watchRss(server.pid ?? 0);
  const stop = async (): Promise<number> => {
    const peak = watch.stop();
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM');
      await once(server, 'close');
    }
    return peak;
  };
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const url = line.toString('utf8').trim();
    await (await fetch(new URL('/healthz', url))).text();
    return { url, coldOpen: performance.now() - began, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
