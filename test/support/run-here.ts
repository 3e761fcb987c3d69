import type { Finished } from './cli.ts';

export interface HereOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

// Colors are decided when the module that makes them is loaded.
process.env['NO_COLOR'] = '1';
const { runCommand } = await import('../../src/cli/run-command.ts');

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a command of `peephole` in this process, from its sources: for tests of what a command does and says, where a
 * process of its own (half a second of processor time) is not what is tested. One runs at a time, since what it writes
 * and reads of the process is replaced meanwhile.
 */
export function runHere(args: readonly string[], options: HereOptions = {}): Promise<Finished> {
  const run = last.then(() => runAlone(args, options));
  last = run.catch(() => undefined);
  return run;
}

/** What a command prints as JSON. Throws with its messages if it did not end well. */
export async function jsonHere<T>(args: readonly string[], options: HereOptions = {}): Promise<T> {
  const { code, stdout, stderr } = await runHere(args, options);
  if (code !== 0) throw new Error(`peephole ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

async function runAlone(args: readonly string[], options: HereOptions): Promise<Finished> {
  const restore = [
    ...Object.entries(options.env ?? {}).map(([name, value]) => setVariable(name, value)),
    ...(options.cwd === undefined ? [] : [changeFolder(options.cwd)]),
    ...SIGNALS.map(keepListeners),
    keepExitCode(),
  ];
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  try {
    const code = await runCommand(args);
    return { code, signal: null, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    for (const undo of [stdout.release, stderr.release, ...restore]) undo();
  }
}

interface Captured {
  readonly text: () => string;
  readonly release: () => void;
}

function capture(stream: NodeJS.WriteStream): Captured {
  const chunks: Buffer[] = [];
  const write = stream.write;
  stream.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    chunks.push(Buffer.from(chunk as string));
    const done = rest.at(-1);
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
  return {
    text: () => Buffer.concat(chunks).toString('utf8'),
    release: () => (stream.write = write),
  };
}

function setVariable(name: string, value: string): () => void {
  const before = process.env[name];
  process.env[name] = value;
  return () => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  };
}

function changeFolder(path: string): () => void {
  const before = process.cwd();
  process.chdir(path);
  return () => process.chdir(before);
}

/** A command may listen for signals until its process ends. */
function keepListeners(signal: NodeJS.Signals): () => void {
  const before = process.listeners(signal);
  return () => {
    for (const listener of process.listeners(signal))
      if (!before.includes(listener)) process.removeListener(signal, listener);
  };
}

function keepExitCode(): () => void {
  const before = process.exitCode;
  process.exitCode = undefined;
  return () => (process.exitCode = before);
}
