import { once } from 'node:events';
import { type Server, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Goes in front of Druid's router, and counts the lines of the answers to SQL. */
export interface CountingProxy {
  readonly url: string;
  /** Lines since the last reset. */
  lines(): number;
  /** Requests since the last reset: method and path. */
  requests(): readonly string[];
  reset(): void;
  stop(): Promise<void>;
}

export async function startCountingProxy(target: string): Promise<CountingProxy> {
  let lines = 0;
  let requests: string[] = [];
  const server: Server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    requests.push(`${method} ${url}`);
    const counts = url.startsWith('/druid/v2/sql');
    const forwarded = request(`${target}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      if (counts && answer.headers['content-encoding'] === undefined)
        answer.on('data', (chunk: Buffer) => {
          for (const byte of chunk) if (byte === 10) lines++;
        });
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    // What is compressed has no lines to count.
    forwarded.removeHeader('accept-encoding');
    incoming.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines: () => lines,
    requests: () => requests,
    reset: () => {
      lines = 0;
      requests = [];
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
