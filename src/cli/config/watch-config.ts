import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Messages } from '../messages.ts';
import type { ConfigRunner } from './config-runner.ts';
import { readConfig } from './read-config.ts';

/** Milliseconds in which several changes of the file are one. */
const SETTLE = 200;

/**
 * Applies the configuration again whenever its file changes, or on SIGHUP; an invalid file is reported, and the
 * earlier configuration stays. Returns a function that stops watching.
 */
export function watchConfig(file: string, runner: ConfigRunner, messages: Messages): () => void {
  let turn = Promise.resolve();
  const reload = (): void => {
    turn = turn.then(async () => {
      try {
        await runner.apply(await readConfig(file));
        messages.say(`${file} was read again.`);
      } catch (error) {
        messages.warn(`${(error as Error).message} The configuration before it stays.`);
      }
    });
  };
  let timer: NodeJS.Timeout | null = null;
  // Watch the folder, since editors replace the file.
  const watcher = watch(dirname(file), (_, name) => {
    if (name !== basename(file)) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(reload, SETTLE);
  });
  process.on('SIGHUP', reload);
  return () => {
    watcher.close();
    if (timer !== null) clearTimeout(timer);
    process.off('SIGHUP', reload);
  };
}
