import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { start } from '../support/cli.ts';
import { useTempFolder } from '../support/temp-folder.ts';

/** Flows of a demo of one day: about as few as the story allows. */
export const FLOWS = 120_000;
export const small = ['--days', '1', '--flows', String(FLOWS), '--port', '0'];

export interface Status {
  readonly flows: number;
}

interface Demos {
  /** Where they are, their logs while they are made included. Inside tests only. */
  path(...names: readonly string[]): string;
  /** Starts the demo with a home of its own. It is killed after the test if it still runs. */
  start(args: readonly string[], home: string): ChildProcess;
  /** The folders of logs that are left. */
  logsLeft(): Promise<readonly string[]>;
}

/** Demos of a test file, in a folder that its end takes away. */
export function useDemos(): Demos {
  const folder = useTempFolder();
  const running: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'close');
      }
    }
  });
  return {
    path: (...names) => join(folder.path, ...names),
    start(args, home) {
      const child = start(['demo', ...args], {
        env: { HOME: home, XDG_DATA_HOME: home, LOCALAPPDATA: home, PEEPHOLE_STORE: '', TMPDIR: folder.path },
      });
      running.push(child);
      return child;
    },
    logsLeft: async () => (await readdir(folder.path)).filter((name) => name.startsWith('peephole-demo-')),
  };
}

/** Waits until it serves. */
export async function address(child: ChildProcess): Promise<string> {
  const ended = once(child, 'close').then(([code]) => {
    throw new Error(`The demo ended with ${code} before it said where it is.`);
  });
  ended.catch(() => undefined);
  const told = once(child.stdout as NonNullable<typeof child.stdout>, 'data') as Promise<[Buffer]>;
  const [text] = await Promise.race([told, ended]);
  return text.toString('utf8').trim();
}

/** Waits until a process has said something on stderr. */
export async function said(child: ChildProcess, what: string): Promise<void> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes(what)) resolve();
    });
    child.once('close', () => reject(new Error(`It ended without a word of “${what}”: ${text}`)));
  });
}

export async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'close');
}

export const flowsAt = async (url: string): Promise<number> =>
  ((await (await fetch(`${url}api/v1/status`)).json()) as Status).flows;
