import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engineFolder, engineServer } from './engine-options.ts';

const engine = 'clickhouse';
const engineUrl = 'http://localhost:8123/peephole';

describe('the database options', () => {
  it('need no server by default', () => {
    expect(engineServer({}, {})).toBeUndefined();
    expect(engineServer({ engine: 'duckdb' }, {})).toBeUndefined();
  });

  it.each([
    [{ engine }, /needs --engine-url/],
    [{ engine, engineUrl: 'localhost:8123' }, /not an address/],
    [{ engine, engineUrl: 'ftp://localhost' }, /not an address/],
    [{ engine, engineUrl: '' }, /not an address/],
    [{ engine: 'duckdb', engineUrl }, /does not work with/],
    [{ engine, engineUrl, engineKafka: 'localhost:9092' }, /does not work with/],
    [{ engine: 'druid', engineUrl, engineKafka: 'a:9092,b' }, /HOST:PORT, not "b"/],
    [{ engine: 'druid', engineUrl, engineKafka: 'http://a:9092' }, /HOST:PORT/],
    [{ engine: 'druid', engineUrl, engineKafka: ' , ' }, /names no broker/],
  ] as const)('refuse %o', (options, message) => {
    expect(() => engineServer(options, {})).toThrow(message);
  });

  it('accept Kafka brokers for Druid', () => {
    expect(engineServer({ engine: 'druid', engineUrl, engineKafka: 'a:9092, b:9092,' }, {})).toMatchObject({
      kafka: { brokers: ['a:9092', 'b:9092'] },
    });
    expect(engineServer({ engine: 'druid', engineUrl }, {})).not.toHaveProperty('kafka');
  });

  it('log in to them as variables of their own say, not as those of a source', () => {
    const options = { engine: 'druid', engineUrl, engineKafka: 'a:9092' } as const;
    const login = { SASL_MECHANISM: 'PLAIN', SASL_USERNAME: 'me', SASL_PASSWORD: 'secret' };
    const named = (prefix: string): NodeJS.ProcessEnv =>
      Object.fromEntries(Object.entries(login).map(([name, value]) => [prefix + name, value]));
    expect(engineServer(options, named('PEEPHOLE_ENGINE_KAFKA_'))?.kafka).toEqual({
      brokers: ['a:9092'],
      tls: {},
      login: { mechanism: 'PLAIN', username: 'me', password: 'secret' },
    });
    expect(engineServer(options, named('KAFKA_'))?.kafka).toEqual({ brokers: ['a:9092'] });
    const token = { PEEPHOLE_ENGINE_KAFKA_SASL_MECHANISM: 'OAUTHBEARER' };
    expect(() => engineServer(options, token)).toThrow(/PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, not OAUTH/);
    const file = { PEEPHOLE_ENGINE_KAFKA_CONSUMER_PROPERTIES: join(tmpdir(), 'no', 'none.json') };
    expect(() => engineServer(options, file)).toThrow(/CONSUMER_PROPERTIES.*none\.json/);
  });

  it('take the user from the address, else from the environment, and leave no password in the address', () => {
    expect(engineServer({ engine, engineUrl }, {})).toEqual({
      url: engineUrl,
      username: 'default',
      password: '',
    });
    expect(engineServer({ engine, engineUrl: 'https://a%40b:p%3Aw@example.com/db' }, {})).toEqual({
      url: 'https://example.com/db',
      username: 'a@b',
      password: 'p:w',
    });
    const env = { PEEPHOLE_ENGINE_USER: 'reader', PEEPHOLE_ENGINE_PASSWORD: 'secret' };
    expect(engineServer({ engine, engineUrl }, env)).toMatchObject({
      username: 'reader',
      password: 'secret',
    });
  });

  it('read the password from a file, without its line break', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'peephole-password-'));
    const file = join(folder, 'password');
    await writeFile(file, 'from a file \n');
    expect(engineServer({ engine, engineUrl }, { PEEPHOLE_ENGINE_PASSWORD_FILE: file })?.password).toBe(
      'from a file ',
    );
    await rm(folder, { recursive: true });
    expect(() => engineServer({ engine, engineUrl }, { PEEPHOLE_ENGINE_PASSWORD_FILE: file })).toThrow(
      /can’t be read/,
    );
  });

  it('give each server its own local folder', () => {
    const folderOf = (url: string): string => engineFolder(engine, { url, username: '', password: '' });
    expect(folderOf(engineUrl)).toMatch(/^clickhouse-[0-9a-f]{12}$/);
    expect(folderOf(engineUrl)).not.toBe(folderOf('http://localhost:8123/other'));
  });
});
