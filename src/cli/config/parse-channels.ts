import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { PAGERDUTY_EVENTS, type Channel } from '../../alerts/channels/channel.ts';
import { MOST_CHANNELS, MOST_CHANNEL_NAME } from '../../model/alert/parse-alert.ts';
import { badQuery, shown } from '../../model/query/bad-query.ts';
import { readArray, readObject, readText, type JsonObject } from '../../model/query/json-reader.ts';
import { fileProblem } from '../../model/file-problem.ts';

const MOST_TEXT = 4096;
const kinds = ['mail', 'slack', 'webhook', 'pagerduty'] as const;
const keysOf: Readonly<Record<Channel['kind'], readonly string[]>> = {
  mail: ['server', 'from', 'to'],
  slack: ['url'],
  webhook: ['url', 'secret'],
  pagerduty: ['routing_key', 'url'],
};

/** Reads the channels of a configuration. Throws `bad_query`, also for a secret that is not where it should be. */
export function parseChannels(json: unknown): readonly Channel[] {
  const channels = readArray(json, 'channels', MOST_CHANNELS).map((each, i) =>
    parseChannel(each, `channels[${i}]`),
  );
  channels.forEach(({ name }, i) => {
    if (channels.findIndex((other) => other.name === name) < i)
      throw badQuery(`channels[${i}].name`, `${name} stands there twice.`);
  });
  return channels;
}

function parseChannel(json: unknown, path: string): Channel {
  const { kind } = readObject(json, path, ['name', 'kind', ...Object.values(keysOf).flat()]);
  const known = kinds.find((one) => one === kind);
  if (known === undefined)
    throw badQuery(`${path}.kind`, `must be one of ${kinds.join(', ')}, not ${shown(kind)}.`, kinds);
  const given = readObject(json, path, ['name', 'kind', ...keysOf[known]]);
  const name = readText(given['name'], `${path}.name`, MOST_CHANNEL_NAME).trim();
  if (name === '') throw badQuery(`${path}.name`, 'must not be empty.');
  switch (known) {
    case 'mail':
      return {
        kind: known,
        name,
        server: readUrl(given, 'server', path, ['smtp:', 'smtps:']),
        from: readText(given['from'], `${path}.from`, MOST_TEXT),
        to: readRecipients(given['to'], `${path}.to`),
      };
    case 'slack':
      return { kind: known, name, url: readUrl(given, 'url', path, ['https:', 'http:']) };
    case 'webhook':
      return {
        kind: known,
        name,
        url: readUrl(given, 'url', path, ['https:', 'http:']),
        secret: given['secret'] === undefined ? null : readSecret(given['secret'], `${path}.secret`),
      };
    case 'pagerduty':
      return {
        kind: known,
        name,
        routingKey: readSecret(given['routing_key'], `${path}.routing_key`),
        url: given['url'] === undefined ? PAGERDUTY_EVENTS : readUrl(given, 'url', path, ['https:', 'http:']),
      };
  }
}

function readRecipients(value: unknown, path: string): readonly string[] {
  const to = readArray(value, path, 100).map((each, i) => readText(each, `${path}[${i}]`, MOST_TEXT));
  if (to.length === 0) throw badQuery(path, 'needs at least one address.');
  return to;
}

/** The address may carry a password, so it may be kept elsewhere too. */
function readUrl(given: JsonObject, key: string, path: string, protocols: readonly string[]): string {
  const text = readSecret(given[key], `${path}.${key}`);
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol))
    throw badQuery(`${path}.${key}`, `must be a URL that begins with ${protocols.join('// or ')}//.`);
  return text;
}

/** A text as it is, or where it is kept: `{"env": "NAME"}` or `{"file": "/path"}`. */
function readSecret(value: unknown, path: string): string {
  if (typeof value === 'string') return readText(value, path, MOST_TEXT);
  const given = readObject(value, path, ['env', 'file']);
  if ((given['env'] === undefined) === (given['file'] === undefined))
    throw badQuery(path, 'must be a text, {"env": "NAME"} or {"file": "/path"}.');
  if (given['env'] !== undefined) {
    const name = readText(given['env'], `${path}.env`, MOST_TEXT);
    const text = process.env[name];
    if (text === undefined || text === '') throw badQuery(path, `the environment has no ${name}.`);
    return text;
  }
  const file = readText(given['file'], `${path}.file`, MOST_TEXT);
  if (!isAbsolute(file)) throw badQuery(`${path}.file`, 'must be an absolute path.');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw badQuery(`${path}.file`, `can't be read: ${fileProblem(error)}`);
  }
}
