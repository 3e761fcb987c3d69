import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a server may take to start and to stop, in ms. */
const READY_WITHIN = 90_000;
const END_WITHIN = 30_000;
/** What is kept of a server's output, for messages, in characters. */
const KEPT = 8_000;

export interface ServerCommand {
  /** What messages call it. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Its data; removed if this process ends without stopping the server. */
  readonly folder: string;
  /** Does it answer? Asked again and again until it does; to throw is to say no. */
  ready(): Promise<boolean>;
  /** How long it may take until it answers, in ms. Default: a minute and a half. */
  readonly within?: number;
}

export interface ChildServer {
  /** Ends it as it wishes to be ended (SIGTERM), and waits for the end. */
  stop(): Promise<void>;
  /** Ends it by SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** Has it stand still (SIGSTOP), and go on (SIGCONT): its connections stay open meanwhile. */
  freeze(): void;
  thaw(): void;
}

/**
 * Starts a server that ends with this process, and waits until it answers.
 *
 * @throws Error with the end of its output, if it ends or does not answer in time
 */
export async function startChildServer(command: ServerCommand): Promise<ChildServer> {
  const watcher = join(import.meta.dirname, 'end-with-parent.mjs');
  const child = spawn(process.execPath, [watcher, command.folder, command.program, ...command.args], {
    env: { ...process.env, ...command.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString('utf8')).slice(-KEPT)));
  const ended = once(child, 'close');
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (hasEnded(child)) return;
    child.stdin.write(`${signal}\n`);
    const timer = setTimeout(() => child.stdin.write('SIGKILL\n'), END_WITHIN);
    await ended;
    clearTimeout(timer);
  };
  // It may end between a look and a word to it.
  child.stdin.on('error', () => {});
  try {
    await waitUntilReady(command, child);
  } catch (error) {
    await end('SIGKILL');
    throw new Error(`${command.name} did not start: ${(error as Error).message}\n${output}`, {
      cause: error,
    });
  }
  return {
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    freeze: () => void child.stdin.write('SIGSTOP\n'),
    thaw: () => void child.stdin.write('SIGCONT\n'),
  };
}

async function waitUntilReady(
  { ready, within = READY_WITHIN }: ServerCommand,
  child: ChildProcess,
): Promise<void> {
  const until = Date.now() + within;
  let why = 'it does not answer';
  while (Date.now() < until) {
    if (hasEnded(child)) throw new Error('it ended');
    try {
      if (await ready()) return;
    } catch (error) {
      why = String(error);
    }
    await sleep(100);
  }
  throw new Error(why);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
