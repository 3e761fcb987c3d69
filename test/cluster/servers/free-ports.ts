import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that systems give to clients, which could take one while a server is being restarted. */
const FIRST = 20_000;
const LAST = 29_999;
const TRIES = 200;

/** Different loopback ports that nobody listens on. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  for (let i = 0; i < TRIES && found.size < count; i++) {
    const port = randomInt(FIRST, LAST + 1);
    if (await isFree(port)) found.add(port);
  }
  if (found.size < count) throw new Error(`No ${count} free ports between ${FIRST} and ${LAST}.`);
  return [...found];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
