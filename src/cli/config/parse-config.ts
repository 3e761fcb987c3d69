import { isAbsolute } from 'node:path';
import { parseKnocksSettings } from '../../model/knocks/knocks-settings.ts';
import { badQuery } from '../../model/query/bad-query.ts';
import {
  type JsonObject,
  readArray,
  readBoolean,
  readObject,
  readText,
} from '../../model/query/json-reader.ts';
import { parseDurationText, parseInstant } from '../../model/query/parse-time.ts';
import { isExact, parseDuration } from '../../model/time/duration.ts';
import { namedSourceKind } from '../../model/source-kinds.ts';
import { checkSourceName } from '../../sources/source-name.ts';
import type { SourceOptions } from '../../sources/source.ts';
import { ACCOUNT, accountToRead } from '../account/find-account.ts';
import type { Config, ConfiguredSource } from './config.ts';
import { parseReports } from './parse-reports.ts';
import { parseChannels } from './parse-channels.ts';

const MOST_SOURCES = 1000;
const MOST_TEXT = 4096;
const LEAST_EVERY = 60;

/** In the configuration, and in `SourceOptions`. */
const texts = {
  format: 'format',
  region: 'region',
  profile: 'profile',
  role_arn: 'roleArn',
  external_id: 'externalId',
  sqs: 'sqs',
  group: 'group',
} as const satisfies Readonly<Record<string, keyof SourceOptions>>;
const instants = ['from', 'to'] as const;

/** Reads a configuration. Throws PeepholeError `bad_query`, which says where it is wrong and what would be right. */
export function parseConfig(json: unknown): Config {
  const config = readObject(json, 'query', [
    'sources',
    'inventory',
    'knocks',
    'retention',
    'channels',
    'reports',
    'documents',
    'url',
  ]);
  const sources = readArray(config['sources'], 'sources', MOST_SOURCES).map((source, index) =>
    parseSource(source, `sources[${index}]`),
  );
  sources.forEach(({ name }, index) => {
    if (sources.findIndex((other) => other.name === name) < index)
      throw badQuery(`sources[${index}]`, `${name} stands there twice.`);
  });
  const channels = parseChannels(config['channels']);
  const reports = parseReports(config['reports']);
  reports.forEach(({ mail }, i) => {
    if (mail !== null && channels.find(({ name }) => name === mail)?.kind !== 'mail')
      throw badQuery(`reports[${i}].mail`, `There is no channel ${JSON.stringify(mail)} of kind mail.`);
  });
  return {
    sources,
    inventory: parseInventory(config['inventory']),
    knocks: parseKnocks(config['knocks']),
    retention: parseRetention(config['retention']),
    channels,
    reports,
    documents: parseFolder(config['documents']),
    url: parseUrl(config['url']),
  };
}

/** The folder of documents. */
function parseFolder(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const folder = readText(value, 'documents', MOST_TEXT);
  if (!isAbsolute(folder)) throw badQuery('documents', 'must be an absolute path.');
  return folder;
}

/** Where the page is: HTTP, with or without a path. */
function parseUrl(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = readText(value, 'url', MOST_TEXT);
  if (!/^https?:/.test(text) || !URL.canParse(text))
    throw badQuery('url', 'must be the address of the page, such as https://peephole.example.com.');
  return text;
}

function parseSource(value: unknown, path: string): ConfiguredSource {
  if (typeof value === 'string') return { name: sourceName(value, path), options: {}, last: null };
  const keys = ['name', ...Object.keys(texts), ...instants, 'last', 'requester_pays', 'brokers'];
  const source = readObject(value, path, keys);
  const options: { -readonly [Name in keyof SourceOptions]?: SourceOptions[Name] } = {};
  for (const [key, name] of Object.entries(texts))
    if (source[key] !== undefined) options[name] = readText(source[key], `${path}.${key}`, MOST_TEXT);
  for (const key of instants)
    if (source[key] !== undefined) options[key] = parseInstant(source[key], `${path}.${key}`, 'Etc/UTC');
  const last = source['last'] === undefined ? null : parseDurationText(source['last'], `${path}.last`);
  if (last !== null && (options.from !== undefined || options.to !== undefined))
    throw badQuery(`${path}.last`, 'stands beside from or to: give either.');
  if (source['requester_pays'] !== undefined)
    options.requesterPays = readBoolean(source['requester_pays'], `${path}.requester_pays`);
  if (source['brokers'] !== undefined) options.brokers = readTexts(source['brokers'], `${path}.brokers`);
  const name = sourceName(readText(source['name'], `${path}.name`, MOST_TEXT), `${path}.name`);
  if (name === ACCOUNT) checkRegions(options, `${path}.region`);
  return { name, options, last };
}

function checkRegions(options: Partial<SourceOptions>, path: string): void {
  try {
    accountToRead(options);
  } catch (error) {
    throw badQuery(path, (error as Error).message);
  }
}

/** A server may be started anywhere: what is relative to a folder means something else each time. */
function sourceName(text: string, path: string): string {
  try {
    checkSourceName(text);
  } catch (error) {
    throw badQuery(path, (error as Error).message);
  }
  if (text === ACCOUNT || namedSourceKind(text) !== null || isAbsolute(text)) return text;
  throw badQuery(
    path,
    `${JSON.stringify(text)} is neither a source such as s3://BUCKET/PREFIX or aws: nor an absolute path.`,
  );
}

function parseInventory(value: unknown): Config['inventory'] {
  if (value === undefined || value === null) return null;
  const inventory = readObject(value, 'inventory', ['every', 'regions', 'profile']);
  const every =
    inventory['every'] === undefined ? 'PT1H' : parseDurationText(inventory['every'], 'inventory.every');
  const duration = parseDuration(every);
  if (duration === null || !isExact(duration) || duration.total('seconds') < LEAST_EVERY)
    throw badQuery(
      'inventory.every',
      'must be a minute or more, in hours, minutes and seconds, such as PT1H.',
    );
  const { profile } = inventory;
  return {
    every,
    regions: inventory['regions'] === undefined ? [] : readTexts(inventory['regions'], 'inventory.regions'),
    profile: profile === undefined ? null : readText(profile, 'inventory.profile', MOST_TEXT),
  };
}

function parseKnocks(value: unknown): Config['knocks'] {
  if (value === undefined || value === null) return null;
  const knocks = readObject(value, 'knocks', ['allow_scanners', 'prices']);
  const { allow_scanners: scanners, prices = null } = knocks;
  const settings = {
    allowedScanners: scanners === undefined ? [] : readTexts(scanners, 'knocks.allow_scanners'),
    prices,
  };
  try {
    parseKnocksSettings(settings);
  } catch (error) {
    throw badQuery('knocks', (error as Error).message);
  }
  return settings;
}

function parseRetention(value: unknown): Config['retention'] {
  if (value === undefined || value === null) return null;
  const retention: JsonObject = readObject(value, 'retention', ['keep', 'keep_raw']);
  const read = (key: string): string | null =>
    retention[key] === undefined ? null : parseDurationText(retention[key], `retention.${key}`);
  const parsed = { keep: read('keep'), keepRaw: read('keep_raw') };
  if (parsed.keep === null && parsed.keepRaw === null)
    throw badQuery('retention', 'says neither "keep" nor "keep_raw".', ['keep', 'keep_raw']);
  return parsed;
}

function readTexts(value: unknown, path: string): readonly string[] {
  return readArray(value, path, MOST_SOURCES).map((text, index) =>
    readText(text, `${path}[${index}]`, MOST_TEXT),
  );
}
