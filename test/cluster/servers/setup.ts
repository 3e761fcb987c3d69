// For a run of the tests: a small HTTP server that starts moto, Kafka and Druid when a test first asks for them, and ends them
// after the last test. So a run of one file starts only what that file uses.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { startDruid } from './druid.ts';
import { startKafka } from './kafka.ts';
import { startMoto } from './moto.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the shared servers are asked for. */
    readonly sharedServers: string;
  }
}

/** A server, and how it is ended for good. */
interface Started {
  /** What tests get of it, as JSON. */
  readonly server: object;
  remove(): Promise<void>;
}

/** What can be asked for, by path. */
const starts: Readonly<Record<string, () => Promise<Started>>> = {
  '/moto': async () => {
    const server = await startMoto();
    return { server, remove: () => server.stop() };
  },
  '/kafka': async () => {
    const server = await startKafka();
    return { server, remove: () => server.remove() };
  },
  '/druid': async () => {
    const server = await startDruid();
    return { server, remove: () => server.remove() };
  },
};

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const started = new Map<string, Promise<Started>>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const start = starts[path];
    if (start === undefined) {
      response.writeHead(404).end();
      return;
    }
    const running = started.get(path) ?? start();
    started.set(path, running);
    running.then(
      ({ server }) => response.end(JSON.stringify(server)),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  provide('sharedServers', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    const ends = [...started.values()].map(async (running) => (await running).remove());
    await Promise.allSettled(ends);
  };
}
