import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { type Server, connect, createServer } from 'node:net';
import { StoreInUse } from '../store-driver.ts';

/**
 * Holds a folder for one process of this machine, until it lets go or ends, however that is: by a socket that it listens on.
 * Throws `StoreInUse` while another process does.
 */
export async function lockFolder(path: string): Promise<{ release(): Promise<void> }> {
  const token = randomUUID();
  const server = createServer((socket) => socket.on('error', () => undefined).end(token));
  if (!(await listen(server, path))) {
    if ((await holderOf(path)) !== null) throw new StoreInUse(path);
    // Left behind by a process that was killed.
    await rm(path, { force: true });
    if (!(await listen(server, path))) throw new StoreInUse(path);
  }
  // Two that find the same old socket may both take its place: the later one's stands.
  if ((await holderOf(path)) !== token) {
    server.close();
    throw new StoreInUse(path);
  }
  server.unref();
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    server.once('error', fail).listen(path, () => {
      server.off('error', fail);
      resolve(true);
    });
  });
}

/** The token of whoever listens there; null if nobody does. */
function holderOf(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    connect(path)
      .on('data', (part: Buffer) => parts.push(part))
      .on('end', () => resolve(Buffer.concat(parts).toString()))
      .on('error', () => resolve(null));
  });
}
