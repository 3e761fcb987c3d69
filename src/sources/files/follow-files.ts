import { access, constants, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PeepholeError } from '../../model/errors.ts';
import type { Input, InputBytes } from '../input.ts';
import type { Source, SourceRun } from '../source.ts';
import { type FileInput, findFiles } from './find-files.ts';
import { openFile } from './open-file.ts';
import { wholeLines } from './whole-lines.ts';

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

/** Milliseconds after which a file that was left alone is whole, also without an end of its last line. */
const LEFT_ALONE = 60_000;

/** A file as it was at a look. */
interface Seen {
  /** What changes whenever the file does. */
  readonly tag: string;
  /** What stays when it is renamed. */
  readonly identity: string;
  readonly size: number;
  /** When it was first like that, by the clock of this process, in milliseconds. */
  readonly since: number;
  /** How many bytes of it are whole lines, once that was asked; `all`: it is no text. */
  lines?: number | 'all';
}

/**
 * A file, or the files of a folder or a glob, read again as they change: a file that is new, or that has grown, is taken in once it
 * has been left alone for a while, up to the end of its last line. What was in it before is not taken in again, also where it was
 * renamed meanwhile.
 */
export class FollowedFiles implements Source {
  readonly kind = 'files';
  readonly id: string;
  readonly #name: FileName;
  readonly #isReadable: IsReadable;

  /** @param isReadable whether this process may read a file, by its path */
  constructor(name: FileName, isReadable: IsReadable = mayRead) {
    this.#name = name;
    this.#isReadable = isReadable;
    this.id = `files:${resolve(name.cwd, name.name)}`;
  }

  async read({ sink, follow, signal, note }: SourceRun): Promise<void> {
    const { name, cwd, except } = this.#name;
    const files = new FileStates(this.#isReadable);
    for (let look = 0; ; look++) {
      const { inputs, missing, mayCome } = await findFiles([name], cwd, except);
      if (look === 0 && inputs.length === 0 && missing[0] !== undefined && !(follow && mayCome))
        throw new PeepholeError('source_refused', `${missing[0].name}: ${missing[0].reason}`);
      note({ nothingYet: inputs.length === 0 ? (missing[0]?.reason ?? null) : null });
      const { ready, renamed, waiting } = await files.look(inputs, follow);
      // Under the name that a file had before, and before another file that has this name now.
      for (const some of [renamed, ready]) {
        if (some.length === 0) continue;
        const { failed } = await sink.takeObjects(some.map(({ input }) => input));
        const again = new Set(failed.map((one) => one.input));
        for (const one of some) if (!again.has(one.input.name)) files.noteTaken(one);
      }
      if (waiting === 0) note({ live: true, lagSeconds: 0, lagObjects: 0 });
      if (!follow || signal.aborted) return;
      await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
  }
}

/** A file that is to be taken in, and what it is known by from then on. */
interface Ready {
  readonly input: Input;
  readonly path: string;
  readonly seen: Seen;
}

interface Look {
  readonly ready: readonly Ready[];
  /** Those that were taken in under another name before. */
  readonly renamed: readonly Ready[];
  /** How many are still being written. */
  readonly waiting: number;
}

type IsReadable = (path: string) => Promise<boolean>;

/** What is known of followed files. */
class FileStates {
  readonly #isReadable: IsReadable;
  /** By path. */
  readonly #seen = new Map<string, Seen>();
  /** By path: the tag that was taken. */
  readonly #taken = new Map<string, string>();
  /** By identity: the name that it was taken under first, and its size then. */
  readonly #names = new Map<string, { readonly name: string; readonly size: number }>();

  constructor(isReadable: IsReadable) {
    this.#isReadable = isReadable;
  }

  async look(inputs: readonly FileInput[], follow: boolean): Promise<Look> {
    const ready: Ready[] = [];
    const renamed: Ready[] = [];
    let waiting = 0;
    const there = new Set<string>();
    for (const input of inputs) {
      const { path } = input;
      const seen = await this.#see(path);
      if (seen === null) continue;
      there.add(seen.identity);
      if (this.#taken.get(path) === seen.tag) continue;
      if (follow && seen !== this.#seen.get(path)) {
        this.#seen.set(path, seen);
        waiting++;
        continue;
      }
      const first = this.#names.get(seen.identity);
      const known = first !== undefined && first.size <= seen.size ? first.name : input.name;
      const whole = follow ? await wholeInput(input, seen, this.#isReadable) : { ...input, tag: seen.tag };
      if (whole === null || this.#taken.get(path) === whole.tag) continue;
      (known === input.name ? ready : renamed).push({ input: { ...whole, name: known }, path, seen });
    }
    // The system gives identities of files that are gone to new ones.
    for (const identity of this.#names.keys()) if (!there.has(identity)) this.#names.delete(identity);
    return { ready, renamed, waiting };
  }

  noteTaken({ input: { name, tag }, path, seen: { identity, size } }: Ready): void {
    if (tag !== null) this.#taken.set(path, tag);
    this.#names.set(identity, { name, size });
  }

  /** The file as it is now: what it was at the last look, if it is as it was then; null: it is gone. */
  async #see(path: string): Promise<Seen | null> {
    const status = await stat(path).catch(() => null);
    if (status === null) return null;
    const identity = `${status.dev}:${status.ino}`;
    const tag = `${status.ino}-${status.size}-${status.mtimeMs}`;
    const before = this.#seen.get(path);
    return before?.tag === tag ? before : { tag, identity, size: status.size, since: performance.now() };
  }
}

/**
 * A file up to the end of its last line, since its writer may be within the next one; null: it has none yet. All of one that was
 * left alone for long, or is no text.
 */
async function wholeInput(input: FileInput, seen: Seen, isReadable: IsReadable): Promise<Input | null> {
  const { tag, size, since } = seen;
  // Who may not read it, say, is told when it is taken in. That this changes does not change the file.
  if (!(await isReadable(input.path))) return { ...input, tag: `${tag}-closed` };
  const whole = { ...input, tag };
  if (performance.now() - since >= LEFT_ALONE || (await isOld(input.path))) return whole;
  seen.lines ??= await wholeLines(input.path).catch(() => 'all');
  const { lines } = seen;
  if (lines === 'all') return whole;
  if (lines === 0) return null;
  const open = async (): Promise<InputBytes> => {
    const { file } = await openFile(input.path);
    return { kind: 'stream', stream: file.createReadStream({ end: lines - 1 }) };
  };
  return { ...input, tag: lines === size ? tag : `${tag}-${lines}`, size: lines, path: null, open };
}

async function mayRead(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

async function isOld(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => null);
  return status !== null && Date.now() - status.mtimeMs >= LEFT_ALONE;
}
