import type { Finished } from './cli.ts';

export interface HereOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

// Colors are decided when the module that makes them is loaded.
process.env['NO_COLOR'] = '1';
const { runCommand } = await import('../../src/cli/run-command.ts');

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A server in this process. */
export interface ServerHere {
  readonly url: string;
  /** What it wrote to stderr until it answered. */
  readonly stderr: string;
  stop(): Promise<void>;
}

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

/**
 * Runs `peephole serve` in this process on a free port, and waits until it answers: for tests of what it serves, where a
 * process of its own (1.3 seconds of processor time) is not what is tested. Stop it. While it runs, no `runHere` may use
 * its store: files are locked against other processes only.
 */
export function serveHere(store: string, more: readonly string[] = []): Promise<ServerHere> {
  const started = last.then(() => startServer(['serve', '--store', store, '--port', '0', ...more]));
  last = started.catch(() => undefined);
  return started;
}

async function startServer(args: readonly string[]): Promise<ServerHere> {
  const before = process.listeners('SIGTERM');
  const restore = [...SIGNALS.map(keepListeners), keepExitCode()];
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  try {
    const ended = runCommand(args);
    const url = await Promise.race([stdout.firstLine, ended.then(() => null)]);
    if (url === null) throw new Error(`serve ended: ${stderr.text()}`);
    // A polite kill is what ends it; this process gets none, and may have several servers.
    const kill = process.listeners('SIGTERM').filter((listener) => !before.includes(listener));
    return {
      url,
      stderr: stderr.text(),
      stop: async () => {
        for (const listener of kill) listener('SIGTERM');
        await ended;
      },
    };
  } finally {
    for (const undo of [stdout.release, stderr.release, ...restore]) undo();
  }
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
  /** Resolves with the first line, without its end. */
  readonly firstLine: Promise<string>;
  readonly release: () => void;
}

function capture(stream: NodeJS.WriteStream): Captured {
  const chunks: Buffer[] = [];
  const write = stream.write;
  let resolveLine: ((line: string) => void) | null = null;
  const firstLine = new Promise<string>((resolve) => {
    resolveLine = resolve;
  });
  stream.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    chunks.push(Buffer.from(chunk as string));
    if (resolveLine !== null && String(chunk).includes('\n')) {
      resolveLine(Buffer.concat(chunks).toString('utf8').split('\n', 1)[0] ?? '');
      resolveLine = null;
    }
    const done = rest.at(-1);
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
  return {
    text: () => Buffer.concat(chunks).toString('utf8'),
    firstLine,
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
