import { once } from 'node:events';
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  createServer,
  request as httpRequest,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { awsError } from './aws-error.ts';

/** A request on its way to the emulator. */
export interface ProxiedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** What is called: of SQS and CloudWatch Logs, such as `FilterLogEvents`; of EC2 too; empty for S3. */
  readonly action: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

export type Fault =
  /** An error of AWS, in the form of the service: 503 SlowDown, 500 InternalError, 400 ExpiredToken, … */
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly code: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Text of the answer is another: what the emulator does not say. */
  | { readonly kind: 'rewrite'; readonly text: (text: string) => string }
  /** The answer begins so much later. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The connection ends after so many bytes of the answer's body; its headers claim all of them. */
  | { readonly kind: 'cut'; readonly afterBytes: number };

export const slowDown: Fault = { kind: 'error', status: 503, code: 'SlowDown' };
export const internalError: Fault = { kind: 'error', status: 500, code: 'InternalError' };
export const expiredToken: Fault = { kind: 'error', status: 400, code: 'ExpiredToken' };

/** A fault that is in force. */
interface Provoked {
  /** How many requests it has met. Check it: a test whose fault never happened proves nothing. */
  readonly hits: () => number;
  end(): void;
}

export interface FaultyProxy {
  /** Instead of the emulator's: `newAccount(moto, { through: proxy.url })`. */
  readonly url: string;
  /** From now on, this happens to the requests that `match`, up to `times` of them. The first fault that matches counts. */
  provoke(match: (request: ProxiedRequest) => boolean, fault: Fault, times?: number): Provoked;
  /** How many requests came, with and without a fault. */
  count(match?: (request: ProxiedRequest) => boolean): number;
  close(): Promise<void>;
}

interface Rule {
  readonly match: (request: ProxiedRequest) => boolean;
  readonly fault: Fault;
  left: number;
  hits: number;
}

/** Starts a proxy of HTTP in front of an emulator, at a free loopback port. It passes on all that no fault is for. */
export async function startFaultyProxy(target: { readonly url: string }): Promise<FaultyProxy> {
  const rules: Rule[] = [];
  const seen: ProxiedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await bytesOf(incoming);
    const request = describe(incoming, body);
    seen.push(request);
    const rule = rules.find(({ match, left }) => left > 0 && match(request));
    if (rule !== undefined) {
      rule.left -= 1;
      rule.hits += 1;
    }
    const fault = rule?.fault;
    if (fault?.kind === 'error') {
      const { type, text } = awsError(incoming.headers, fault.code);
      outgoing
        .writeHead(fault.status, { 'content-type': type, ...fault.headers })
        .end(request.method === 'HEAD' ? '' : text);
      return;
    }
    if (fault?.kind === 'delay') await sleep(fault.milliseconds);
    await passOn(target.url, incoming, body, outgoing, fault);
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    provoke(match, fault, times = Infinity) {
      const rule: Rule = { match, fault, left: times, hits: 0 };
      rules.push(rule);
      return {
        hits: () => rule.hits,
        end() {
          rule.left = 0;
        },
      };
    },
    count: (match = () => true) => seen.filter(match).length,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function describe({ method = '', url = '', headers }: IncomingMessage, body: Buffer): ProxiedRequest {
  const text = body.toString('latin1');
  const target =
    String(headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1) ?? '';
  const isForm = (headers['content-type'] ?? '').includes('x-www-form-urlencoded');
  const action = target === '' && isForm ? (new URLSearchParams(text).get('Action') ?? '') : target;
  return { method, path: url, action, body: text, headers };
}

async function passOn(
  target: string,
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  // The host stays that of the proxy: the emulator makes addresses of queues of it.
  const asked = httpRequest(new URL(incoming.url ?? '/', target), {
    method: incoming.method ?? 'GET',
    headers: incoming.headers,
  });
  asked.end(body);
  const [answered] = (await once(asked, 'response')) as [IncomingMessage];
  const given = await bytesOf(answered);
  const bytes = fault?.kind === 'rewrite' ? Buffer.from(fault.text(given.toString())) : given;
  const most = fault?.kind === 'cut' ? fault.afterBytes : Infinity;
  const { 'transfer-encoding': _, ...headers } = answered.headers;
  const length = incoming.method === 'HEAD' ? headers['content-length'] : bytes.length;
  outgoing.writeHead(answered.statusCode ?? 502, {
    ...headers,
    ...(length === undefined ? {} : { 'content-length': length }),
  });
  if (bytes.length <= most) {
    outgoing.end(bytes);
    return;
  }
  await new Promise<void>((resolve) => {
    outgoing.write(bytes.subarray(0, most), () => resolve());
  });
  outgoing.destroy();
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
