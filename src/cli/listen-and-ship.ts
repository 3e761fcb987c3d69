import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PeepholeError } from '../model/errors.ts';
import { interruptSignal } from './interrupt.ts';
import { Messages } from './messages.ts';
import { added, openShipper, shipContinuously, shippedText } from './ship-files.ts';
import { storeFolder } from './store-location.ts';
import { wholeNumber } from './whole-number.ts';

export interface ListenAndShipOptions {
  readonly ship: string;
  readonly shipEvery: string;
  readonly shipRegion?: string;
  readonly store?: string;
  readonly quiet?: boolean;
}

/** Milliseconds to ship the last visits, once the listener has ended. */
const LAST_TRY = 30_000;
/** Options that are this process's own, each with a value. */
const OWN = ['--ship', '--ship-every', '--ship-region'];

/**
 * Runs the listener as a process of its own that has no credentials, and ships what it writes: this process has them,
 * and no stranger talks to it. Ends when the listener does, with its exit code, once the rest is shipped.
 */
export async function listenAndShip(options: ListenAndShipOptions): Promise<void> {
  const messages = new Messages(options.quiet === true);
  const interrupted = interruptSignal();
  const every = wholeNumber('--ship-every', options.shipEvery, 86_400);
  if (every === 0) throw new PeepholeError('usage', '--ship-every must be more than 0.');
  const folder = join(storeFolder(options.store), 'visits');
  const { shipper, close } = await openShipper(
    { destination: options.ship, folder, state: null, profile: null, region: options.shipRegion ?? null },
    messages,
  );
  const [program = '', ...args] = process.argv.slice(1);
  const listener = spawn(process.execPath, [...process.execArgv, program, ...listenerArgs(args)], {
    env: withoutCredentials(process.env),
    // Through the channel the listener notices when this process has ended.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    const ended = once(listener, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    const stop = new AbortController();
    const shipping = shipContinuously(shipper, { every: every * 1000, signal: stop.signal, messages });
    interrupted.addEventListener('abort', () => listener.kill('SIGTERM'));
    const [code] = await ended;
    stop.abort();
    let shipped = await shipping;
    try {
      shipped = added(shipped, await shipper.shipNew(AbortSignal.timeout(LAST_TRY)));
    } catch (error) {
      messages.warn(
        `${(error as Error).message} What is not shipped yet stays in ${folder}: peephole ship ${options.ship}`,
      );
      process.exitCode = 1;
    }
    if (code === 0) messages.say(shippedText(shipped, options.ship));
    else process.exitCode = code ?? 1;
  } finally {
    if (listener.exitCode === null && listener.signalCode === null) listener.kill('SIGKILL');
    close();
  }
}

/** The arguments of this process without its own options. */
function listenerArgs(args: readonly string[]): readonly string[] {
  return args.filter(
    (arg, at) =>
      !OWN.includes(args[at - 1] ?? '') && !OWN.some((name) => arg === name || arg.startsWith(`${name}=`)),
  );
}

/** Without variables of AWS credentials, except the path of their file: the listener checks whether it can read that file. */
function withoutCredentials(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !name.startsWith('AWS_') || name === 'AWS_SHARED_CREDENTIALS_FILE',
    ),
  );
}
