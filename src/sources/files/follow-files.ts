import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PeepholeError } from '../../model/errors.ts';
import type { Input } from '../input.ts';
import type { Source, SourceRun } from '../source.ts';
import { findFiles } from './find-files.ts';

/** Milliseconds between two checks: a file that was the same in both is not being written. */
const LOOK_EVERY = 1_000;

export interface FileName {
  /** A file, a folder or a glob. */
  readonly name: string;
  /** The folder that a relative name is below. */
  readonly cwd: string;
  /** A folder whose files are left out: the store's own. */
  readonly except: string;
}

/**
 * A file, or the files of a folder or a glob, read again as they change: a file that is new, or that has grown, is taken in once it has been left
 * alone for a while. What was in it before is not taken in again.
 */
export class FollowedFiles implements Source {
  readonly kind = 'files';
  readonly id: string;
  readonly #name: FileName;

  constructor(name: FileName) {
    this.#name = name;
    this.id = `files:${resolve(name.cwd, name.name)}`;
  }

  async read({ sink, follow, signal, note }: SourceRun): Promise<void> {
    const { name, cwd, except } = this.#name;
    /** By name: the tag at the last look, and the one that was taken. */
    const seen = new Map<string, string>();
    const taken = new Map<string, string>();
    for (let look = 0; ; look++) {
      const { inputs, missing, mayCome } = await findFiles([name], cwd, except);
      if (look === 0 && inputs.length === 0 && missing[0] !== undefined && !(follow && mayCome))
        throw new PeepholeError('source_refused', `${missing[0].name}: ${missing[0].reason}`);
      const ready: Input[] = [];
      let waiting = 0;
      for (const input of inputs) {
        const tag = await tagOf(input.path);
        if (tag === null || taken.get(input.name) === tag) continue;
        if (!follow || seen.get(input.name) === tag) ready.push({ ...input, tag });
        else waiting++;
        seen.set(input.name, tag);
      }
      if (ready.length > 0) {
        const { failed } = await sink.takeObjects(ready);
        const again = new Set(failed.map((one) => one.input));
        for (const input of ready)
          if (!again.has(input.name) && input.tag !== null) taken.set(input.name, input.tag);
      }
      if (waiting === 0) note({ live: true, lagSeconds: 0, lagObjects: 0 });
      if (!follow || signal.aborted) return;
      await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
  }
}

/** What changes whenever the file does; null: it is gone. */
async function tagOf(path: string): Promise<string | null> {
  const status = await stat(path).catch(() => null);
  return status === null ? null : `${status.ino}-${status.size}-${status.mtimeMs}`;
}
