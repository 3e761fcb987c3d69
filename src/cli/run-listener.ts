import { homedir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { once } from 'node:events';
import pc from 'picocolors';
import { httpAnswer, type HttpAnswer } from '../listen/answers.ts';
import { DEFAULT_BOUNDS, type Bounds } from '../listen/bounds.ts';
import { parseGreetings } from '../listen/greetings.ts';
import { Listener, type Host } from '../listen/listener.ts';
import { parsePorts, type ListenPort } from '../listen/ports.ts';
import { selfSigned } from '../listen/self-signed.ts';
import { checkHandles, checkRights } from '../listen/start-checks.ts';
import { makeFolder } from '../system/make-folder.ts';
import { formatBytes } from '../model/byte-text.ts';
import { PeepholeError } from '../model/errors.ts';
import { fileProblem } from '../model/file-problem.ts';
import { makeFolderPrivate } from '../system/private-folder.ts';
import { parseByteSize } from './byte-size.ts';
import { interruptSignal } from './interrupt.ts';
import { Messages, formatCount, plural } from './messages.ts';
import { storeFolder } from './store-location.ts';
import { visitPrinter } from './visit-printer.ts';
import { wholeNumber } from './whole-number.ts';

export interface ListenOptions {
  readonly port: readonly string[];
  readonly host?: readonly string[];
  readonly store?: string;
  readonly answer: HttpAnswer;
  readonly greet?: readonly string[];
  readonly tls?: boolean;
  readonly maxConnections?: string;
  readonly maxConnectionsPerSource?: string;
  readonly maxRate?: string;
  readonly maxRatePerSource?: string;
  readonly maxBytes?: string;
  readonly maxIdle?: string;
  readonly maxTime?: string;
  readonly maxMemory?: string;
  readonly maxDisk?: string;
  readonly dropOldest?: boolean;
  readonly rotateSize?: string;
  readonly rotateAfter?: string;
  readonly allowRoot?: boolean;
  readonly allowCredentials?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const LOOPBACK: readonly Host[] = [
  { address: '127.0.0.1', optional: false },
  { address: '::1', optional: true },
];

/**
 * Of V8: collects garbage before the heap grows by more than 40 %, and keeps the part for new objects as small as it
 * begins. The listener has much garbage and little else: without these it takes 110 MB under load instead of 80.
 */
const SMALL_HEAP = ['--semi-space-growth-factor=1', '--heap-growing-percent=40'];

/** Listens until Ctrl-C or SIGTERM. */
export async function runListener(options: ListenOptions): Promise<void> {
  for (const flag of SMALL_HEAP) setFlagsFromString(flag);
  const messages = new Messages(options.quiet === true);
  const interrupted = interruptSignal();
  const ports = parsePorts(options.port);
  const bounds = boundsOf(options);
  const hosts = options.host?.map((address) => ({ address, optional: false })) ?? LOOPBACK;
  checkRights(
    { env: process.env, home: homedir(), userId: process.getuid?.() ?? null },
    { root: options.allowRoot === true, credentials: options.allowCredentials === true },
  );
  checkHandles(bounds.connections, hosts.length * ports.length);
  const printer = visitPrinter(options.json === true ? 'json' : options.quiet === true ? 'nothing' : 'text');
  const listener = new Listener({
    hosts,
    ports,
    folder: visitsFolder(options.store),
    bounds,
    dropOldest: options.dropOldest === true,
    answer: httpAnswer(options.answer),
    greetings: parseGreetings(options.greet ?? [], ports),
    secureContext:
      options.tls === true ? createSecureContext({ ...selfSigned(Date.now()), minVersion: 'TLSv1' }) : null,
    onLine: printer.print,
    onProblem: (message) => messages.warn(message),
  });
  const open = await listener.start();
  for (const text of startMessages(open, options, bounds)) messages.say(text);
  await untilAborted(interrupted);
  await listener.stop();
  const isRead = await printer.end();
  const { accepted, kept, unkept } = listener.totals;
  messages.say(
    `${pc.green('✓')} ${plural(accepted, 'visit')}: ${formatCount(kept)} kept, ${formatCount(unkept)} only counted.`,
  );
  // Unread output would keep the process alive; everything is in the files too.
  if (!isRead) process.exit(0);
}

/** Waits for the signal, or until the process is gone that started this one and ships what it writes. */
async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const ends: Promise<unknown>[] = [once(signal, 'abort')];
  if (process.connected) ends.push(once(process, 'disconnect'));
  await Promise.race(ends);
  // A channel that is open would keep this process alive.
  if (process.connected) process.disconnect();
}

function visitsFolder(option: string | undefined): string {
  const store = storeFolder(option);
  const folder = join(store, 'visits');
  try {
    makeFolder(store, 0o700);
    makeFolderPrivate(store);
    makeFolder(folder, 0o700);
  } catch (error) {
    if (error instanceof PeepholeError) throw error;
    throw new PeepholeError(
      'usage',
      `Visits can't be written to ${folder}: ${fileProblem(error)}`,
      {},
      { cause: error },
    );
  }
  return folder;
}

function startMessages(
  open: readonly (ListenPort & { readonly address: string })[],
  options: ListenOptions,
  bounds: Bounds,
): readonly string[] {
  const ends = open.map(
    ({ protocol, address, port }) =>
      `${protocol} ${address.includes(':') ? `[${address}]` : address}:${port}`,
  );
  const world = open.some(({ address }) => !isLoopback(address));
  const answers =
    options.answer === 'none' ? 'Answers nothing' : `Answers HTTP requests with ${options.answer}`;
  const shown = ends.length > 12 ? [...ends.slice(0, 12), `${ends.length - 12} more`] : ends;
  return [
    `Listening on ${shown.join(', ')}${world ? '' : ' (this machine only; --host 0.0.0.0 --host :: for the world)'}.`,
    `Visits are written to ${join(storeFolder(options.store), 'visits')}.`,
    `${answers}${options.tls === true ? '; completes TLS handshakes' : ''}${options.greet === undefined ? '' : `; greets as ${options.greet.join(', ')}`}.`,
    `At most ${formatCount(bounds.connections)} connections (${formatCount(bounds.connectionsOfSource)} of a source), ${formatCount(bounds.rate)} new visits a second (${formatCount(bounds.rateOfSource)}), ${formatBytes(bounds.bytes)} and ${bounds.duration / 1000} s each, ${formatBytes(bounds.memory)} of memory, ${formatBytes(bounds.disk)} of disk. What is past them is only counted.`,
  ];
}

function isLoopback(address: string): boolean {
  return address === '::1' || address === 'localhost' || address.startsWith('127.');
}

function boundsOf(options: ListenOptions): Bounds {
  const count = (name: string, text: string | undefined, otherwise: number, max = 10_000_000): number => {
    if (text === undefined) return otherwise;
    const value = wholeNumber(name, text, max);
    if (value === 0) throw new PeepholeError('usage', `${name} must be more than 0.`);
    return value;
  };
  const size = (name: string, text: string | undefined, otherwise: number, least: number): number => {
    const bytes = text === undefined ? otherwise : parseByteSize(text);
    if (bytes < least) throw new PeepholeError('usage', `${name} must be at least ${formatBytes(least)}.`);
    return bytes;
  };
  const base = DEFAULT_BOUNDS;
  return {
    connections: count('--max-connections', options.maxConnections, base.connections),
    connectionsOfSource: count(
      '--max-connections-per-source',
      options.maxConnectionsPerSource,
      base.connectionsOfSource,
    ),
    rate: count('--max-rate', options.maxRate, base.rate),
    rateOfSource: count('--max-rate-per-source', options.maxRatePerSource, base.rateOfSource),
    bytes: size('--max-bytes', options.maxBytes, base.bytes, 512),
    idle: count('--max-idle', options.maxIdle, base.idle / 1000, 86_400) * 1000,
    duration: count('--max-time', options.maxTime, base.duration / 1000, 86_400) * 1000,
    memory: size('--max-memory', options.maxMemory, base.memory, 64 * 1024),
    disk: size('--max-disk', options.maxDisk, base.disk, 2 * 1024 ** 2),
    fileBytes: size('--rotate-size', options.rotateSize, base.fileBytes, 4 * 1024),
    fileAge: count('--rotate-after', options.rotateAfter, base.fileAge / 1000, 86_400 * 366) * 1000,
  };
}
