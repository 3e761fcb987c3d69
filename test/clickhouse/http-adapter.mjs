// ClickHouse over HTTP, as far as its official client needs it, over chdb: the engine within this process. Usage: node http-adapter.mjs
// Prints the port that it listens on (loopback). One statement at a time; every HTTP session sees the same temporary tables.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const home = new URL('../../.cache/clickhouse/package.json', import.meta.url);
const { Session } = createRequire(home)('chdb');
const args = JSON.parse(process.argv[2] ?? '{}');
const folder = mkdtempSync(join(tmpdir(), 'peephole-clickhouse-'));
const config = join(folder, 'config.xml');
writeFileSync(config, configOf(process.argv[3]));
const session = new Session(undefined, {
  connectionArgs: [
    `--config-file=${config}`,
    ...Object.entries(args).map(([name, value]) => `--${name}=${value}`),
  ],
});
/** Settings of a request that change what an insert does. */
const INSERT_SETTINGS = [
  'insert_deduplicate',
  'insert_deduplication_token',
  'deduplicate_blocks_in_dependent_materialized_views',
];
let files = 0;
/** How many of the next statements with a text lose their connection: before they are run, or after. */
let losing = { text: '', times: 0, after: false };
let holding = null;
/** The requests since they were last asked for, to be counted, or sent again by hand. */
let seen = [];

/**
 * A cluster of that name, of two shards that are both this process. Questions of distributed tables are planned as on any cluster,
 * each shard's part apart; nothing goes over a network.
 */
function configOf(cluster) {
  const shard =
    '<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>9000</port></replica></shard>';
  const servers = cluster === undefined ? '' : `<${cluster}>${shard}${shard}</${cluster}>`;
  return `<clickhouse><tcp_port>9000</tcp_port><macros><shard>1</shard><replica>1</replica></macros><remote_servers>${servers}</remote_servers></clickhouse>`;
}

/**
 * What can't be done within one process: statements for all servers are run by it alone, and tables are not replicated. Since both
 * shards have the same tables, each sees half of the rows of a view; and all rows are sent to the first, since the second would take
 * its own for the same, which have the same token.
 */
function onOneProcess(text) {
  if (!text.includes(' ON CLUSTER ')) return text;
  const here = text
    .replace(/ ON CLUSTER "[^"]*"/g, '')
    .replace(/ReplicatedMergeTree\('[^']*', '[^']*'\)/, 'MergeTree')
    .replace(/(ENGINE = Distributed\(.*, sipHash64\(.*\))\)$/, '$1 % 1)')
    .replace('allow_nullable_key = 1', '$&, non_replicated_deduplication_window = 1000');
  if (!here.startsWith('CREATE VIEW')) return here;
  return here.replace(
    /FROM (\w+_row_local) WHERE/g,
    '$& shardNum() IN (0, cityHash64(toString(tuple(*))) % 2 + 1) AND',
  );
}

function bodyOf(request) {
  return new Promise((resolve, reject) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('error', reject);
  });
}

/** The text parts of a multipart form. */
function formOf(body, type) {
  const boundary = /boundary="?([^";]+)/.exec(type)[1];
  const texts = body.toString('utf8').split(`--${boundary}`);
  return texts.slice(1, -1).map((text) => {
    const end = text.indexOf('\r\n\r\n');
    return [/name="([^"]*)"/.exec(text.slice(0, end))[1], text.slice(end + 4, -2)];
  });
}

/** Values of parameters come escaped as in TabSeparated. */
function unescaped(text) {
  const named = { n: '\n', t: '\t', r: '\r', 0: '\0', b: '\b', f: '\f' };
  return text.replace(/\\(.)/gs, (_, one) => named[one] ?? one);
}

function answer(params, body) {
  let text = params.get('query') ?? '';
  let data = body;
  if (text === '') {
    text = body.toString('utf8');
    data = Buffer.alloc(0);
  }
  const database = params.get('database') || 'default';
  if (database !== 'default' && !text.startsWith('CREATE DATABASE')) session.query(`USE \`${database}\``);
  const insert = /^\s*INSERT INTO (.*?) FORMAT (\w+)\s*$/s.exec(text);
  if (insert !== null) {
    const [, target, format] = insert;
    const path = join(folder, `${files++}`);
    writeFileSync(path, data);
    const settings = INSERT_SETTINGS.flatMap((name) => {
      const value = params.get(name);
      return value === null ? [] : [`${name} = '${value}'`];
    });
    const set = settings.length === 0 ? '' : `SETTINGS ${settings.join(', ')}`;
    try {
      session.query(`INSERT INTO ${target} FROM INFILE '${path}' ${set} FORMAT ${format}`);
    } finally {
      rmSync(path, { force: true });
    }
    return '';
  }
  const format = /\sFORMAT\s+(\w+)\s*$/.exec(text);
  const bound = [...params].filter(([name]) => name.startsWith('param_'));
  const statement = onOneProcess(format === null ? text : text.slice(0, format.index));
  const asked = format?.[1] ?? params.get('default_format') ?? 'TabSeparated';
  if (bound.length === 0) return session.query(statement, asked);
  const values = Object.fromEntries(bound.map(([name, value]) => [name.slice(6), unescaped(value)]));
  return session.queryBind(statement, values, asked);
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/ping') return response.end('Ok.\n');
  if (url.pathname === '/test/lose') {
    const { text, times, when } = Object.fromEntries(url.searchParams);
    losing = { text, times: Number(times), after: when === 'after' };
    return response.end();
  }
  if (url.pathname === '/test/seen') {
    response.end(JSON.stringify(seen));
    seen = [];
    return;
  }
  // Statements that hold this text don't get an answer before another call, with none: as if they ran long.
  if (url.pathname === '/test/hold') {
    holding?.release();
    const text = url.searchParams.get('text');
    holding = null;
    if (text) {
      let release;
      const released = new Promise((resolve) => (release = resolve));
      holding = { text, release, released };
    }
    return response.end();
  }
  try {
    const params = new URLSearchParams(url.search);
    let body = await bodyOf(request);
    const type = request.headers['content-type'] ?? '';
    if (type.startsWith('multipart/')) {
      for (const [name, value] of formOf(body, type)) params.append(name, value);
      body = Buffer.alloc(0);
    }
    const statement = params.get('query') ?? body.toString('utf8');
    if (!url.searchParams.has('unseen')) seen.push({ statement, params: Object.fromEntries(params) });
    const values = [...params].filter(([name]) => name.startsWith('param_')).map(([, value]) => value);
    const whole = [statement, ...values].join(' ');
    const isHeld = holding !== null && whole.includes(holding.text) && !/^(EXPLAIN|KILL)/.test(statement);
    if (isHeld) await holding.released;
    const isLost = losing.times > 0 && statement.includes(losing.text);
    if (isLost) losing.times--;
    if (isLost && !losing.after) return request.socket.destroy();
    const text = answer(params, body);
    if (isLost) return request.socket.destroy();
    response.setHeader('X-ClickHouse-Query-Id', params.get('query_id') ?? '');
    response.end(text);
  } catch (error) {
    const text = String(error?.message ?? error);
    response.statusCode = 500;
    response.setHeader('X-ClickHouse-Exception-Code', /Code: (\d+)/.exec(text)?.[1] ?? '0');
    response.end(/Code: \d+/.test(text) ? text : `Code: 0. DB::Exception: ${text} (UNKNOWN)`);
  }
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));

function leave() {
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}
process.on('SIGTERM', leave);
// Whoever started it is gone.
process.stdin.on('end', leave).resume();
