// An account with flow logs of all kinds in two regions, one of which can't be delivered: opened, followed, and refused.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SourceStatus } from '../../src/model/source-status.ts';
import { peephole } from '../support/cli.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { sharedMoto } from './servers/shared.ts';
import { type AwsAccount, newAccount } from './support/aws-account.ts';
import { startFaultyProxy } from './support/faulty-proxy.ts';
import { createBucket, putFlowLog } from './support/flow-log-objects.ts';
import { flowsIn, killWhileFollowing } from './support/kill-while-following.ts';
import { createLogGroup, putLogEvents } from './support/log-groups.ts';
import { parquetFlowLog } from './support/parquet-flow-log.ts';
import { createFlowLog, createInterface, createVpc, type Vpc } from './support/vpc-flow-logs.ts';

const temp = useTempFolder();
const FIELDS = 'dstport srcaddr dstaddr bytes protocol start end log-status action';
const BUCKET_FORMAT = FIELDS.replaceAll(/[\w-]+/g, '${$&}');
const GROUP_FORMAT =
  '${log-status} ${end} ${start} ${action} ${dstport} ${dstaddr} ${srcaddr} ${protocol} ${bytes}';
const REGIONS = 'us-east-1,eu-west-1';
const IN_TEXT = 23;
const IN_PARQUET = 41;
const IN_GROUP = 17;

let home: AwsAccount;
let away: AwsAccount;
let vpc: Vpc;
let text: string;
let parquet: string;
let group: string;
let ids: Readonly<Record<'text' | 'parquet' | 'group' | 'failed', string>>;

beforeAll(async () => {
  const moto = await sharedMoto();
  home = await newAccount(moto);
  away = await newAccount(moto, { id: home.id, region: 'eu-west-1' });
  vpc = await createVpc(home);
  const other = await createVpc(away);
  text = await createBucket(home);
  parquet = await createBucket(away);
  group = await createLogGroup(away);
  const interfaceId = await createInterface(away, other.subnetId);
  ids = {
    text: await createFlowLog(home, { vpcId: vpc.vpcId }, { kind: 's3', bucket: text }, BUCKET_FORMAT),
    parquet: await createFlowLog(away, { subnetId: other.subnetId }, { kind: 's3', bucket: parquet }),
    group: await createFlowLog(away, { interfaceId }, { kind: 'cloudwatch', logGroup: group }, GROUP_FORMAT),
    // A group that is not there: AWS makes the flow log, and can't deliver it.
    failed: await createFlowLog(
      home,
      { subnetId: vpc.subnetId },
      { kind: 'cloudwatch', logGroup: `gone-${group}` },
    ),
  };
  const now = Math.floor(Date.now() / 1000);
  const time = new Date((now - 900) * 1000);
  await putFlowLog(home, { bucket: text, time, body: textLog(IN_TEXT, now - 1800) });
  await putFlowLog(away, {
    bucket: parquet,
    time,
    body: parquetFlowLog(IN_PARQUET, now - 1200),
    layout: { hive: true, hourly: true },
    extension: '.log.parquet',
  });
  await putLogEvents(
    away,
    group,
    `${interfaceId}-all`,
    Array.from({ length: IN_GROUP }, (_, i) => ({
      timestamp: (now - 1000 + i) * 1000,
      message: `OK ${now - 1000 + i} ${now - 1060 + i} REJECT ${5000 + i} 10.0.1.9 198.51.100.77 17 ${900 + i}`,
    })),
  );
});
afterAll(() => {
  home.close();
  away.close();
});

/** Records of BUCKET_FORMAT, with a NODATA record beside them. */
function textLog(count: number, start: number, port = 1000): string {
  const lines = Array.from(
    { length: count },
    (_, i) => `${port + i} 198.51.100.7 10.0.1.5 ${60 + i} 6 ${start + i} ${start + i + 30} OK ACCEPT`,
  );
  return `${[FIELDS, ...lines, `- - - - - ${start} ${start + 60} NODATA -`].join('\n')}\n`;
}

async function rows(store: string, sql: string): Promise<unknown> {
  return JSON.parse((await peephole(['sql', '--store', store, '--format', 'json', sql])).stdout);
}

test('open aws: has all of it, each record as its flow log writes it, and what can’t be delivered is said', async () => {
  const store = join(temp.path, 'opened');
  const all = IN_TEXT + IN_PARQUET + IN_GROUP;
  const { last } = await killWhileFollowing({
    args: ['open', '--store', store, '--port', '0', 'aws:', '--region', REGIONS],
    env: home.env,
    kills: 0,
    when: async () => false,
    until: async () => (await flowsIn(store)) >= all,
  });
  expect(last.stderr).toContain('4 flow logs of the account in 4 places');
  expect(last.stderr).toMatch(new RegExp(`AWS can't deliver ${ids.failed} \\(.+\\)`));
  expect(last.stderr).toMatch(new RegExp(`There is no log group gone-${group} in us-east-1`));
  expect(last.stdout).toMatch(/^http:\/\//);
  const sql = `SELECT srcaddr, count(*) AS flows, sum(bytes) AS bytes, min(dstport) AS port, any_value(protocol) AS protocol,
    any_value(action) AS action FROM flows GROUP BY srcaddr ORDER BY srcaddr`;
  const sum = (first: number, count: number): number => count * first + (count * (count - 1)) / 2;
  expect(await rows(store, sql)).toEqual([
    {
      srcaddr: '198.51.100.7',
      flows: IN_TEXT,
      bytes: sum(60, IN_TEXT),
      port: 1000,
      protocol: 6,
      action: 'ACCEPT',
    },
    {
      srcaddr: '198.51.100.77',
      flows: IN_GROUP,
      bytes: sum(900, IN_GROUP),
      port: 5000,
      protocol: 17,
      action: 'REJECT',
    },
    {
      srcaddr: '203.0.113.9',
      flows: IN_PARQUET,
      bytes: 180 * IN_PARQUET,
      port: 443,
      protocol: 6,
      action: 'ACCEPT',
    },
  ]);
  expect(await rows(store, 'SELECT count(*) AS n FROM coverage')).toEqual([{ n: 1 }]);
  expect(await rows(store, 'SELECT input, reason FROM quarantine')).toEqual([]);
});

test('the table and the JSON say which flow log is of what, where, and which fails', async () => {
  const table = await peephole(['aws', '--region', REGIONS], { env: home.env });
  expect(table.code).toBe(0);
  for (const line of [
    new RegExp(`^us-east-1 +${ids.text} +${vpc.vpcId} +s3://${text} +9 fields .* ACTIVE$`, 'm'),
    new RegExp(`^eu-west-1 +${ids.parquet} +subnet-\\w+ +s3://${parquet} +AWS default .* ACTIVE$`, 'm'),
    new RegExp(
      `^eu-west-1 +${ids.group} +eni-\\w+ +cloudwatch:arn:aws:logs:eu-west-1:${home.id}:log-group:${group} +9 fields`,
      'm',
    ),
    new RegExp(`^us-east-1 +${ids.failed} +${vpc.subnetId} .* delivery FAILED$`, 'm'),
    new RegExp(`^${ids.failed}: AWS can't deliver: .+$`, 'm'),
  ])
    expect(table.stdout).toMatch(line);
  const { stdout } = await peephole(['aws', '--json', '--region', REGIONS], { env: home.env });
  const { flow_logs } = JSON.parse(stdout) as { readonly flow_logs: readonly { readonly id: string }[] };
  expect(Object.fromEntries(flow_logs.map((log) => [log.id, log]))).toMatchObject({
    [ids.text]: {
      region: 'us-east-1',
      resource: vpc.vpcId,
      format: BUCKET_FORMAT,
      source: `s3://${text}`,
      delivery: 'SUCCESS',
    },
    [ids.parquet]: { region: 'eu-west-1', source: `s3://${parquet}` },
    [ids.group]: { region: 'eu-west-1', format: GROUP_FORMAT },
    [ids.failed]: { delivery: 'FAILED', error: expect.any(String) as string },
  });
});

test('what one region denies is reported with the missing permission and a policy statement; the other region is read', async () => {
  const proxy = await startFaultyProxy(await sharedMoto());
  try {
    const refused = { kind: 'error', status: 403, code: 'UnauthorizedOperation' } as const;
    const away = proxy.provoke(
      ({ action, headers }) =>
        action === 'DescribeFlowLogs' && (headers.authorization ?? '').includes('/eu-west-1/'),
      refused,
    );
    const store = join(temp.path, 'refused');
    const { code, stderr } = await peephole(['ingest', '--store', store, 'aws:', '--region', REGIONS], {
      env: { ...home.env, AWS_ENDPOINT_URL: proxy.url },
    });
    expect(away.hits()).toBeGreaterThan(0);
    expect(code).toBe(1);
    expect(stderr).toContain('in the statement FindFlowLogs of peephole aws policy aws:');
    expect(await flowsIn(store)).toBe(IN_TEXT);
  } finally {
    await proxy.close();
  }
});

test('regions are no part of the name, and that is said', async () => {
  const { code, stderr } = await peephole(['open', 'aws:eu-west-1'], { env: home.env });
  expect(code).toBe(2);
  expect(stderr).toContain('aws:eu-west-1 is not a source.');
  expect(stderr).toContain('--region eu-west-1, several with commas, or --region all');
});

test('a configuration follows an account that has nothing yet, and flow logs that are made later', async () => {
  const moto = await sharedMoto();
  const proxy = await startFaultyProxy(moto);
  const own = await newAccount(moto);
  const store = join(temp.path, 'configured');
  const config = join(temp.path, 'peephole.config.json');
  await writeFile(config, JSON.stringify({ sources: [{ name: 'aws:', region: 'us-east-1' }] }));
  const flows: string[] = [];
  const log = async (format: string, body: string): Promise<void> => {
    const { vpcId } = await createVpc(own);
    const bucket = await createBucket(own);
    await createFlowLog(own, { vpcId }, { kind: 's3', bucket }, format);
    await putFlowLog(own, { bucket, time: new Date(), body });
    flows.push(`s3://${bucket}`);
  };
  const now = Math.floor(Date.now() / 1000) - 600;
  try {
    const { last } = await killWhileFollowing({
      args: ['serve', '--store', store, '--port', '0', '--config', config],
      env: {
        ...own.env,
        AWS_ENDPOINT_URL: proxy.url,
        PEEPHOLE_POLL_SECONDS: '0.2',
        PEEPHOLE_ACCOUNT_MINUTES: '0.005',
      },
      kills: 0,
      when: async () => false,
      async until() {
        // It has looked in vain.
        if (proxy.count(({ action }) => action === 'DescribeFlowLogs') < 2) return false;
        const there = await flowsIn(store);
        if (there < 5 * flows.length) return false;
        if (flows.length === 3) return true;
        await log(BUCKET_FORMAT, textLog(5, now, 1000 * (flows.length + 1)));
        return false;
      },
    });
    expect(last).toMatchObject({ code: 0 });
    expect(last.stderr).toContain('No readable flow log was found.');
    for (const name of flows.slice(1)) expect(last.stderr).toContain(`New in the account: ${name}`);
    expect(await flowsIn(store)).toBe(15);
  } finally {
    own.close();
    await proxy.close();
  }
});

test('a log group whose flow logs may not be asked for is read, and peephole sources warns', async () => {
  const proxy = await startFaultyProxy(await sharedMoto());
  const store = join(temp.path, 'warned');
  try {
    const own = await newAccount(await sharedMoto());
    const plain = await createLogGroup(own);
    const now = Math.floor(Date.now() / 1000);
    const message = `2 123456789012 eni-1 198.51.100.7 10.0.0.1 4 80 6 1 60 ${now - 60} ${now} ACCEPT OK`;
    await putLogEvents(own, plain, 'eni-1-all', [{ timestamp: now * 1000, message }]);
    const denied = proxy.provoke(({ action }) => action === 'DescribeFlowLogs', {
      kind: 'error',
      status: 403,
      code: 'UnauthorizedOperation',
    });
    let table = '';
    let statuses: readonly SourceStatus[] = [];
    await killWhileFollowing({
      args: ['ingest', '--follow', '--store', store, `cloudwatch:${plain}`],
      env: { ...own.env, AWS_ENDPOINT_URL: proxy.url },
      kills: 0,
      when: async () => false,
      async until() {
        if ((await flowsIn(store)) < 1) return false;
        statuses = JSON.parse(
          (await peephole(['sources', '--store', store, '--json'])).stdout,
        ) as SourceStatus[];
        table = (await peephole(['sources', '--store', store])).stdout;
        return true;
      },
    });
    expect(denied.hits()).toBeGreaterThan(0);
    expect(statuses).toMatchObject([
      {
        id: `cloudwatch:${plain}`,
        last_error: null,
        warnings: [expect.stringContaining('ec2:DescribeFlowLogs')],
      },
    ]);
    expect(table).toMatch(/Warning +The flow logs that write to this log group can't be asked for/);
    own.close();
  } finally {
    await proxy.close();
  }
});
