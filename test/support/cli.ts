import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built program. */
const program = join(fileURLToPath(new URL('../../bin/peephole.cjs', import.meta.url)));

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Buffer;
  /** A file that stdout goes to. */
  readonly stdout?: string;
}

/** Starts `peephole` with these arguments. */
export function start(args: readonly string[], options: RunOptions = {}): ChildProcess {
  const stdout = options.stdout === undefined ? 'pipe' : openSync(options.stdout, 'w');
  try {
    return spawn(process.execPath, [program, ...args], {
      cwd: options.cwd ?? process.cwd(),
      env: { ...process.env, NO_COLOR: '1', ...options.env },
      stdio: [options.stdin === undefined ? 'ignore' : 'pipe', stdout, 'pipe'],
    });
  } finally {
    if (stdout !== 'pipe') closeSync(stdout);
  }
}

/** Runs `peephole` to its end. */
export async function peephole(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const child = start(args, options);
  if (options.stdin !== undefined) child.stdin?.end(options.stdin);
  return finished(child);
}

export async function finished(child: ChildProcess): Promise<Finished> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return {
    code,
    signal,
    stdout: Buffer.concat(out).toString('utf8'),
    stderr: Buffer.concat(err).toString('utf8'),
  };
}

/** What `peephole` prints as JSON. Throws with its messages if it did not end well. */
export async function peepholeJson<T>(args: readonly string[], options: RunOptions = {}): Promise<T> {
  const { code, stdout, stderr } = await peephole(args, options);
  if (code !== 0) throw new Error(`peephole ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

export interface Server {
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** Starts `peephole serve` on a free port and waits until it answers. */
export async function serve(
  store: string,
  more: readonly string[] = [],
  options: RunOptions = {},
): Promise<Server> {
  const child = start(['serve', '--store', store, '--port', '0', ...more], options);
  const ended = finished(child);
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
    });
    void ended.then(({ stderr }) => reject(new Error(`serve ended: ${stderr}`)));
  });
  return {
    url,
    process: child,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
