// An account of the emulator with flow logs of several kinds: found, shown, and read by one command.
import { join } from 'node:path';
import { CreateTransitGatewayCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RECOMMENDED_FORMAT } from '../../src/sources/aws/account/useful-fields.ts';
import { peephole } from '../support/cli.ts';
import { logFile, logLine } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { sharedMoto } from './servers/shared.ts';
import { type AwsAccount, newAccount } from './support/aws-account.ts';
import { startFaultyProxy } from './support/faulty-proxy.ts';
import { createBucket, putFlowLog } from './support/flow-log-objects.ts';
import { flowsIn, killWhileFollowing } from './support/kill-while-following.ts';
import { createLogGroup, putLogEvents } from './support/log-groups.ts';
import { createFlowLog, createVpc, type Vpc } from './support/vpc-flow-logs.ts';

const temp = useTempFolder();
const S3_FORMAT =
  '${version} ${srcaddr} ${dstaddr} ${dstport} ${protocol} ${start} ${end} ${action} ${log-status}';
/** Not in the order of AWS's own, so that only the flow log says what a field is. */
const GROUP_FORMAT =
  '${action} ${dstport} ${dstaddr} ${srcaddr} ${protocol} ${bytes} ${start} ${end} ${log-status}';
const EVENTS = 7;
const IN_BUCKET = 6;

let account: AwsAccount;
let vpc: Vpc;
let unlogged: Vpc;
let bucket: string;
let group: string;
let ids: { readonly s3: string; readonly group: string; readonly firehose: string };
let streamArn: string;

beforeAll(async () => {
  account = await newAccount(await sharedMoto());
  vpc = await createVpc(account);
  unlogged = await createVpc(account);
  bucket = await createBucket(account);
  group = await createLogGroup(account);
  streamArn = `arn:aws:firehose:us-east-1:${account.id}:deliverystream/flows`;
  ids = {
    s3: await createFlowLog(account, { vpcId: vpc.vpcId }, { kind: 's3', bucket }, S3_FORMAT),
    group: await createFlowLog(
      account,
      { subnetId: vpc.subnetId },
      { kind: 'cloudwatch', logGroup: group },
      GROUP_FORMAT,
    ),
    firehose: await createFlowLog(account, { subnetId: vpc.subnetId }, { kind: 'firehose', streamArn }),
  };
});
afterAll(() => account.close());

interface Printed {
  readonly flow_logs: readonly { readonly id: string; readonly resource: string; readonly region: string }[];
  readonly vpcs: readonly { readonly id: string; readonly logged: string }[];
  readonly failures: readonly { readonly region: string; readonly message: string }[];
}

async function asked(...args: readonly string[]): Promise<Printed> {
  const { code, stdout, stderr } = await peephole(['aws', '--json', ...args], { env: account.env });
  expect(stderr).not.toContain('peephole:');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Printed;
}

test('--json tells each flow log, with the source that reads it', async () => {
  const { flow_logs, vpcs, failures } = await asked();
  const region = 'us-east-1';
  expect(new Map(flow_logs.map((log) => [log.id, log]))).toEqual(
    new Map(
      [
        {
          id: ids.s3,
          resource: vpc.vpcId,
          destination: `arn:aws:s3:::${bucket}`,
          format: S3_FORMAT,
          region,
          source: `s3://${bucket}`,
        },
        {
          id: ids.group,
          resource: vpc.subnetId,
          destination: expect.stringContaining(group) as string,
          format: GROUP_FORMAT,
          region,
          source: `cloudwatch:${group}`,
        },
        {
          id: ids.firehose,
          resource: vpc.subnetId,
          destination: streamArn,
          format: expect.stringContaining('${interface-id}') as string,
          region,
          source: null,
        },
      ].map((log) => [log.id, expect.objectContaining(log) as object]),
    ),
  );
  expect(vpcs.find(({ id }) => id === vpc.vpcId)?.logged).toBe('all');
  expect(vpcs.find(({ id }) => id === unlogged.vpcId)?.logged).toBe('none');
  expect(failures).toEqual([]);
});

test('regions are asked each, or all', async () => {
  const { vpcs } = await asked('--region', 'us-east-1,eu-west-1', '--region', 'us-east-1');
  expect(new Set(vpcs.map(({ id }) => id)).size).toBe(vpcs.length);
  const all = await asked('--region', 'all');
  expect(all.vpcs.length).toBeGreaterThan(vpcs.length);
  expect(all.flow_logs).toHaveLength(3);
});

test('the table says what is logged, what is not, and how to go on', async () => {
  const { code, stdout } = await peephole(['aws', '--region', 'us-east-1'], { env: account.env });
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`us-east-1 +${ids.s3} +${vpc.vpcId} +s3://${bucket} +9 fields`));
  expect(stdout).toMatch(new RegExp(`${ids.firehose} +${vpc.subnetId} +${streamArn} +AWS default`));
  expect(stdout).toContain('/api/v1/firehose');
  expect(stdout).toMatch(new RegExp(`us-east-1 +${unlogged.vpcId} .* no\n`));
  expect(stdout).toContain(`--log-destination arn:aws:s3:::${bucket}`);
  expect(stdout).toMatch(/tcp-flags +who began a connection/);
  expect(stdout).toContain('\n  peephole open aws: --region us-east-1\n');
});

test('what is refused names the permission, and the rest is shown', async () => {
  const proxy = await startFaultyProxy(await sharedMoto());
  try {
    const env = { ...account.env, AWS_ENDPOINT_URL: proxy.url };
    const refused = { kind: 'error', status: 403, code: 'UnauthorizedOperation' } as const;
    const vpcs = proxy.provoke(({ action }) => action === 'DescribeVpcs', refused);
    const partly = await peephole(['aws', '--json'], { env });
    expect(partly.code).toBe(1);
    const { flow_logs, failures } = JSON.parse(partly.stdout) as Printed;
    expect(flow_logs).toHaveLength(3);
    expect(failures).toEqual([
      { region: 'us-east-1', message: expect.stringContaining('Needed is ec2:DescribeVpcs') as string },
    ]);
    expect(vpcs.hits()).toBeGreaterThan(0);

    const logs = proxy.provoke(({ action }) => action === 'DescribeFlowLogs', refused);
    const { code, stderr } = await peephole(['aws'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain(
      'Needed is ec2:DescribeFlowLogs, in the statement FindFlowLogs of peephole aws policy aws:',
    );
    expect(logs.hits()).toBeGreaterThan(0);
  } finally {
    await proxy.close();
  }
});

test('without credentials it says what to set up', async () => {
  const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, AWS_SESSION_TOKEN: ___, ...env } = account.env;
  const { code, stderr } = await peephole(['aws'], {
    env: { ...env, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' },
  });
  expect(code).toBe(1);
  expect(stderr).toContain('AWS_ACCESS_KEY_ID');
});

test('ingest aws: reads what it finds, each line as its flow log writes it, once, with the inventory', async () => {
  const other = await newAccount(await sharedMoto());
  try {
    const { vpcId, subnetId } = await createVpc(other);
    const own = await createLogGroup(other);
    const standard = await createLogGroup(other);
    const to = (logGroup: string) => ({ kind: 'cloudwatch', logGroup }) as const;
    await createFlowLog(other, { vpcId }, to(own), GROUP_FORMAT);
    await createFlowLog(other, { subnetId }, to(own), GROUP_FORMAT);
    await createFlowLog(other, { subnetId }, to(standard));
    // Two flow logs into one bucket, whose lines have headers of their own.
    const logs = await createBucket(other);
    const second = await createVpc(other);
    await createFlowLog(other, { vpcId: second.vpcId }, { kind: 's3', bucket: logs }, S3_FORMAT);
    await createFlowLog(other, { subnetId: second.subnetId }, { kind: 's3', bucket: logs });
    const time = new Date(Date.now() - 600_000);
    const at = Math.floor(time.getTime() / 1000);
    const custom = `${S3_FORMAT.replaceAll(/[${}]/g, '')}\n2 198.51.100.8 10.0.0.2 90 6 ${at - 60} ${at} REJECT OK\n`;
    await putFlowLog(other, { bucket: logs, time, body: custom });
    await putFlowLog(other, { bucket: logs, time, body: logFile(IN_BUCKET - 1, at - 3600) });
    await putFlows(other, own);
    const now = Math.floor(Date.now() / 1000);
    const old = now - 2 * 86_400;
    await putLogEvents(other, standard, 'eni-0a1b2c3d4e5f60718-all', [
      { timestamp: (now - 600) * 1000, message: logLine({ start: now - 660, end: now - 600 }) },
      { timestamp: old * 1000, message: logLine({ dstport: 81, start: old - 60, end: old }) },
    ]);

    const store = join(temp.path, 'store');
    const ingest = (...args: readonly string[]) =>
      peephole(['ingest', '--store', store, 'aws:', ...args], { env: other.env });
    const first = await ingest();
    expect(first.stderr).toContain('5 flow logs of the account in 3 places, the last day of each');
    expect(first.stderr).toMatch(/0 interfaces, 0 instances/);
    expect(first.code).toBe(0);
    // The line of two days ago is not of the last day.
    expect(await flowsIn(store)).toBe(IN_BUCKET + EVENTS + 1);
    const sql =
      'SELECT dstport, srcaddr, bytes FROM flows WHERE dstport BETWEEN 1000 AND 1006 ORDER BY dstport LIMIT 1';
    const { stdout } = await peephole(['sql', '--store', store, '--format', 'json', sql]);
    expect(JSON.parse(stdout)).toMatchObject([{ dstport: 1000, srcaddr: '198.51.100.7' }]);

    const custom90 = "SELECT srcaddr, action FROM flows WHERE dstport = 90 AND srcaddr = '198.51.100.8'";
    const fromBucket = await peephole(['sql', '--store', store, '--format', 'json', custom90]);
    expect(JSON.parse(fromBucket.stdout)).toEqual([{ srcaddr: '198.51.100.8', action: 'REJECT' }]);

    expect((await ingest('--last', 'P7D')).code).toBe(0);
    expect(await flowsIn(store)).toBe(IN_BUCKET + EVENTS + 2);
  } finally {
    other.close();
  }
});

test('open aws: --follow serves the explorer and goes on', async () => {
  const other = await newAccount(await sharedMoto());
  try {
    const { vpcId } = await createVpc(other);
    const own = await createLogGroup(other);
    await createFlowLog(other, { vpcId }, { kind: 'cloudwatch', logGroup: own }, GROUP_FORMAT);
    await putFlows(other, own);
    const store = join(temp.path, 'followed');
    const { last } = await killWhileFollowing({
      args: ['open', '--store', store, '--port', '0', '--follow', 'aws:'],
      env: { ...other.env, PEEPHOLE_POLL_SECONDS: '0.2' },
      kills: 0,
      when: async () => false,
      until: async () => (await flowsIn(store)) >= EVENTS,
    });
    expect(last.code).toBe(0);
    expect(last.stdout).toMatch(/^http:\/\//);
    expect(await flowsIn(store)).toBe(EVENTS);
  } finally {
    other.close();
  }
});

test('an account without flow logs: aws: says so, and the template makes one that aws: finds', async () => {
  const other = await newAccount(await sharedMoto());
  try {
    const { vpcId } = await createVpc(other);
    await other.ec2.send(new CreateTransitGatewayCommand({}));
    const store = join(temp.path, 'none');
    const nothing = await peephole(['ingest', '--store', store, 'aws:'], { env: other.env });
    expect(nothing.code).toBe(1);
    expect(nothing.stderr).toContain('peephole aws shows what is logged');
    const advice = await peephole(['aws'], { env: other.env });
    expect(advice.stdout).toContain('No flow logs.');
    expect(advice.stdout).toContain('peephole aws template > flow-logs.yaml');
    expect(advice.stdout).toContain('--parameter-overrides VpcId=vpc-');
    expect(advice.stdout).toContain('--resource-type TransitGateway --resource-ids tgw-');

    const { stdout: template } = await peephole(['aws', 'template']);
    expect(advice.stdout.endsWith(template)).toBe(true);
    expect((await peephole(['aws', '--template'])).stdout).toBe(template);
    await createStack(other, template, { VpcId: vpcId });
    const { stdout } = await peephole(['aws', '--json'], { env: other.env });
    const { flow_logs, vpcs } = JSON.parse(stdout) as Printed;
    expect(flow_logs).toMatchObject([
      { resource: vpcId, destination_type: 's3', source: expect.stringMatching(/^s3:\/\/[^/]+$/) as string },
    ]);
    expect(flow_logs[0]).toMatchObject({ format: RECOMMENDED_FORMAT, traffic: 'ALL', interval: 60 });
    expect(vpcs.find(({ id }) => id === vpcId)?.logged).toBe('all');
  } finally {
    other.close();
  }
});

test('policy prints JSON for real sources, and says what to fill in without', async () => {
  const named = await peephole(['aws', 'policy', `s3://${bucket}/x/`, `cloudwatch:${group}`]);
  expect(named.code).toBe(0);
  expect(named.stderr).toBe('');
  expect(JSON.parse(named.stdout)).toMatchObject({
    Version: '2012-10-17',
    Statement: [
      { Action: ['s3:ListBucket'], Resource: `arn:aws:s3:::${bucket}` },
      { Action: ['s3:GetObject'], Resource: `arn:aws:s3:::${bucket}/x/*` },
      { Action: ['logs:FilterLogEvents'], Resource: `arn:aws:logs:*:*:log-group:${group}:*` },
      { Action: ['logs:DescribeLogGroups', 'ec2:DescribeFlowLogs'], Resource: '*' },
    ],
  });
  const all = await peephole(['aws', 'policy']);
  expect(all.stderr).toContain('Fill in what is in capitals');
  expect(all.stdout).toContain('arn:aws:s3:::BUCKET/PREFIX/*');
  expect((await peephole(['aws', 'policy', 'kafka:x'])).code).toBe(2);
});

/** Puts EVENTS flows of the last hour into a group, in GROUP_FORMAT. */
async function putFlows(to: AwsAccount, logGroup: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  await putLogEvents(
    to,
    logGroup,
    'eni-0a1b2c3d4e5f60718-all',
    Array.from({ length: EVENTS }, (_, i) => ({
      timestamp: (now - 3600 + i) * 1000,
      message: `REJECT ${1000 + i} 10.0.0.1 198.51.100.7 6 60 ${now - 3660 + i} ${now - 3600 + i} OK`,
    })),
  );
}

/** Makes what a template says. The emulator does not check signatures; the key says whose account it is. */
async function createStack(
  { env, region }: AwsAccount,
  template: string,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const body = new URLSearchParams({
    Action: 'CreateStack',
    Version: '2010-05-15',
    StackName: 'peephole-flow-logs',
    TemplateBody: template,
  });
  for (const [index, [key, value]] of Object.entries(parameters).entries()) {
    body.set(`Parameters.member.${index + 1}.ParameterKey`, key);
    body.set(`Parameters.member.${index + 1}.ParameterValue`, value);
  }
  const scope = `${env['AWS_ACCESS_KEY_ID']}/20260101/${region}/cloudformation/aws4_request`;
  const answer = await fetch(env['AWS_ENDPOINT_URL'] ?? '', {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body,
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
}
