import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { type Server, connect, createServer } from 'node:net';

/** What a process holds until it lets go or ends, however that is. */
export interface ProcessLock {
  release(): Promise<void>;
}

/**
 * Holds something for one process of this machine, by a socket that it listens on (`socketPath`). Null while another
 * process holds it.
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
  // Two that find the same old socket may both take its place: the later one's stands.
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
