import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChildServer } from './child-server.ts';
import { freePorts } from './free-ports.ts';

/** An emulator of AWS (https://docs.getmoto.org). What it holds is in its memory. */
export interface Moto {
  /**
   * For `AWS_ENDPOINT_URL`, such as `http://127.0.0.1:21345`. By its number, since clients of S3 put the bucket's name
   * in front of a host that has a name.
   */
  readonly url: string;
}

/** A moto of a test's own. */
export interface OwnMoto extends Moto {
  /** Forgets everything: all accounts, buckets, queues. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one; stop it. Most tests take the shared one (shared.ts), in an account of their own. */
export async function startMoto(): Promise<OwnMoto> {
  const python = process.env['PEEPHOLE_MOTO_PYTHON'];
  if (python === undefined) throw new Error('moto is installed by `npm run test:cluster`.');
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'peephole-moto-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const server = await startChildServer({
      name: 'moto',
      program: python,
      args: ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
      // Large objects go to files.
      env: { TMPDIR: folder },
      folder,
      ready: async () => (await fetch(`${url}/moto-api/data.json`)).ok,
    });
    return {
      url,
      async reset() {
        const { ok } = await fetch(`${url}/moto-api/reset`, { method: 'POST' });
        if (!ok) throw new Error('moto was not reset.');
      },
      async stop() {
        await server.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
