import { once } from 'node:events';
import { type IncomingMessage, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that went to a database server, with all that is needed to send it again. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  readonly began: number;
  /** When the answer was whole; 0 while it is not. */
  ended: number;
  /** Bytes of the answer. */
  bytes: number;
}

/** Goes in front of a database server and keeps the requests, so that the same can be sent by hand. */
export interface RecordingProxy {
  readonly url: string;
  /** The requests since the last call. */
  take(): readonly Recorded[];
  /** Whether requests are kept: those of an ingest are large. */
  keep(on: boolean): void;
  close(): Promise<void>;
}

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  let kept: Recorded[] = [];
  let keeping = false;
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const parts: Buffer[] = [];
    const record: Recorded = {
      method,
      path,
      headers,
      get body() {
        return Buffer.concat(parts);
      },
      began: performance.now(),
      ended: 0,
      bytes: 0,
    };
    if (keeping) {
      kept.push(record);
      incoming.on('data', (part: Buffer) => parts.push(part));
    }
    const forwarded = request(`${target}${path}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (part: Buffer) => (record.bytes += part.length));
      answer.on('end', () => (record.ended = performance.now()));
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = kept;
      kept = [];
      return taken;
    },
    keep(on) {
      keeping = on;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Sends requests again, those at the same time that were sent at the same time. Resolves to how long that took, in ms. */
export async function sendAgain(url: string, recorded: readonly Recorded[]): Promise<number> {
  const began = performance.now();
  for (const wave of waves(recorded)) await Promise.all(wave.map((one) => send(url, one)));
  return performance.now() - began;
}

/** Requests of which each began before the first of its wave had its answer. */
function waves(recorded: readonly Recorded[]): readonly (readonly Recorded[])[] {
  const all: Recorded[][] = [];
  for (const one of recorded) {
    const wave = all.at(-1);
    if (wave !== undefined && wave.some(({ ended }) => ended > one.began)) wave.push(one);
    else all.push([one]);
  }
  return all;
}

/** @throws if the server refuses what it answered before */
async function send(url: string, { method, path, headers, body }: Recorded): Promise<void> {
  const { host: _, connection: __, 'transfer-encoding': ___, 'content-length': ____, ...own } = headers;
  const sent = request(`${url}${path}`, { method, headers: { ...own, 'content-length': body.length } });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  if ((answer.statusCode ?? 500) >= 400) throw new Error(`${path}: ${answer.statusCode}`);
}
