import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { PeepholeError } from '../../model/errors.ts';
import { fileProblem } from '../../model/file-problem.ts';
import { ACCOUNT } from '../account/find-account.ts';
import type { Config } from './config.ts';
import { parseConfig } from './parse-config.ts';

/** The source `aws:` without quotes: YAML reads a text that ends in a colon as a key. */
const ACCOUNT_VALUE = /^([ \t]*(?:-[ \t]+)?(?:name:[ \t]+)?)(?<=[-:][ \t]+)aws:(?=[ \t]*(?:#.*)?\r?$)/gm;

/** Looked for in the current folder, in this order. */
const names = ['peephole.config.json', 'peephole.config.yaml', 'peephole.config.yml'];

/** The given file, else one of the usual names in the current folder; null: there is none. */
export function configFile(named: string | undefined): string | null {
  if (named !== undefined) return resolve(named);
  return names.map((name) => resolve(name)).find((path) => existsSync(path)) ?? null;
}

/** Reads a configuration file. Throws PeepholeError `usage` that says where it is wrong. */
export async function readConfig(file: string): Promise<Config> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new PeepholeError('usage', `${file} can't be read: ${fileProblem(error)}`);
  }
  try {
    return parseConfig(await parseText(text, extname(file)));
  } catch (error) {
    // The reader of YAML says where it is in the first line, and draws that in the next ones.
    const [message = ''] = (error as Error).message.split('\n');
    throw new PeepholeError('usage', `${file}: ${message.replace(/:$/, '.')}`, {}, { cause: error });
  }
}

async function parseText(text: string, extension: string): Promise<unknown> {
  if (extension === '.json') return JSON.parse(text);
  // Loaded only for YAML.
  const { parse } = await import('yaml');
  const unambiguous = text.replaceAll(ACCOUNT_VALUE, `$1"${ACCOUNT}"`);
  // An empty file is no configuration, and an alias of an alias of an alias could fill the memory.
  return parse(unambiguous, { maxAliasCount: 100 }) ?? {};
}
