import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { type Server, connect, createServer } from 'node:net';

/** A lock that a process holds until it releases it or ends in any way. */
export interface ProcessLock {
  release(): Promise<void>;
}

/**
 * Takes a lock among the processes of this machine, by listening on a socket (`socketPath`). Null while another process
 * holds it.
 */
export async function takeLock(path: string): Promise<ProcessLock | null> {
  const token = randomUUID();
  const server = createServer((socket) => socket.on('error', () => undefined).end(token));
  if (!(await listen(server, path))) {
    if ((await holderOf(path)) !== null) return null;
    // Left behind by a process that was killed.
    await rm(path, { force: true });
    if (!(await listen(server, path))) return null;
  }
  // Two processes that find the same old socket may both replace it: the later one has the lock.
  if ((await holderOf(path)) !== token) {
    server.close();
    return null;
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

/** The token of the process that listens there; null if none does. */
function holderOf(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    connect(path)
      .on('data', (part: Buffer) => parts.push(part))
      .on('end', () => resolve(Buffer.concat(parts).toString()))
      .on('error', () => resolve(null));
  });
}
