import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import type { ServerAddress } from '../engine/store-driver.ts';
import { PeepholeError } from '../model/errors.ts';
import { type DatabaseName, databaseNames, databases } from '../model/databases.ts';
import { engineKafka } from './engine-kafka.ts';
import { DEFAULT_ENGINE } from './engines.ts';

export interface EngineOptions {
  readonly engine?: DatabaseName;
  readonly engineUrl?: string;
  readonly engineKafka?: string;
}

/** Adds the options that say which database a store is in. */
export function withEngineOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--engine <name>', 'the database that the store is in')
        .choices(databaseNames)
        .default(DEFAULT_ENGINE)
        .env('PEEPHOLE_ENGINE'),
    )
    .addOption(
      new Option(
        '--engine-url <url>',
        'the URL of a database server, with the database as the path: http://localhost:8123/peephole',
      ).env('PEEPHOLE_ENGINE_URL'),
    )
    .addOption(
      new Option(
        '--engine-kafka <brokers>',
        'Druid: Kafka brokers through which flows reach it, instead of tasks: host:9092,…',
      ).env('PEEPHOLE_ENGINE_KAFKA'),
    );
}

/**
 * The server that the options mean; undefined: the store is in files of this machine. User and password are in the
 * URL, or in $PEEPHOLE_ENGINE_USER with $PEEPHOLE_ENGINE_PASSWORD or a file that $PEEPHOLE_ENGINE_PASSWORD_FILE
 * names. Throws `usage`.
 */
export function engineServer(
  { engine = DEFAULT_ENGINE, engineUrl, engineKafka: brokers = '' }: EngineOptions,
  env: NodeJS.ProcessEnv = process.env,
): ServerAddress | undefined {
  if (!databases[engine].isServer) {
    if (engineUrl === undefined) return undefined;
    throw new PeepholeError(
      'usage',
      `--engine-url does not work with --engine ${engine}, which stores files.`,
    );
  }
  if (engineUrl === undefined)
    throw new PeepholeError(
      'usage',
      `--engine ${engine} needs --engine-url, such as http://localhost:8123/peephole.`,
    );
  const url = URL.canParse(engineUrl) ? new URL(engineUrl) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new PeepholeError(
      'usage',
      `${engineUrl} is not an address of a database server, such as http://localhost:8123/peephole.`,
    );
  const username = decodeURIComponent(url.username) || (env['PEEPHOLE_ENGINE_USER'] ?? '') || 'default';
  const password = decodeURIComponent(url.password) || passwordOf(env);
  url.username = '';
  url.password = '';
  if (brokers === '') return { url: url.href, username, password };
  if (engine !== 'druid')
    throw new PeepholeError('usage', `--engine-kafka does not work with --engine ${engine}.`);
  return { url: url.href, username, password, kafka: engineKafka(brokers, env) };
}

/** The name of the folder for what belongs to a server's store on this machine, where nobody chose one. */
export function engineFolder(engine: DatabaseName, { url }: ServerAddress): string {
  return `${engine}-${createHash('sha256').update(url).digest('hex').slice(0, 12)}`;
}

function passwordOf(env: NodeJS.ProcessEnv): string {
  const file = env['PEEPHOLE_ENGINE_PASSWORD_FILE'] ?? '';
  if (file === '') return env['PEEPHOLE_ENGINE_PASSWORD'] ?? '';
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PeepholeError('usage', `$PEEPHOLE_ENGINE_PASSWORD_FILE can’t be read: ${reason}`);
  }
}
