import { spawn, spawnSync } from 'node:child_process';
import { finished, type Finished } from './cli.ts';

/** Whether a program is not on this machine, so that what it does can't be tested. */
export const isMissing = (program: string): boolean => spawnSync(program, ['--help']).error !== undefined;

/** Runs a client to its end, however it ends. */
export function runClient(
  program: string,
  args: readonly (string | number)[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const child = spawn(program, args.map(String), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return finished(child);
}
