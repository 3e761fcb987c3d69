import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { DoorPlan } from '../../src/model/visits/door-plan.ts';
import { jsonHere, runHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const temp = useTempFolder();
const run = promisify(execFile);
const HOSTILE = `x'; touch pwned; '$(touch pwned)\`touch pwned\`\n touch pwned #\u001b[31m`;

/** Flows of a machine with three peers, and what EC2 says of it, with a name that tries to run commands. */
async function fill(store: string): Promise<void> {
  const log = join(temp.path, 'flows.log');
  const rows = [
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  ];
  const flow = (from: string, to: string, ports: string, action: string, at: number): void =>
    void rows.push(
      `2 123456789012 eni-0a1b2c3d ${from} ${to} ${ports} 6 5 500 ${at} ${at + 50} ${action} OK`,
    );
  for (let i = 0; i < 60; i++) {
    const at = 1_529_452_800 + 60 * i;
    flow('10.0.2.9', '10.0.1.7', `${40_000 + i} 9090`, 'ACCEPT', at);
    flow('10.0.1.7', '10.0.2.9', `9090 ${40_000 + i}`, 'ACCEPT', at);
    if (i % 2 === 0) flow('10.0.1.7', '10.0.3.3', `${50_000 + i} 9092`, 'ACCEPT', at);
    flow('198.51.100.9', '10.0.1.7', `${30_000 + i} 80`, 'REJECT', at);
  }
  await writeFile(log, `${rows.join('\n')}\n`);
  await jsonHere(['ingest', '--store', store, '--json', '--quiet', log]);
  const inventory = join(temp.path, 'network-interfaces.json');
  const face = {
    NetworkInterfaceId: 'eni-0a1b2c3d', VpcId: 'vpc-1234', SubnetId: 'subnet-5678', InterfaceType: 'interface',
    Attachment: { InstanceId: 'i-0abc', AttachTime: '2018-06-01T00:00:00Z' }, Groups: [{ GroupId: 'sg-1', GroupName: 'web' }],
    PrivateIpAddress: '10.0.1.7', TagSet: [{ Key: 'Name', Value: HOSTILE }],
    PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.7', Primary: true, Association: { PublicIp: '54.172.0.1' } }],
  }; // prettier-ignore
  await writeFile(inventory, JSON.stringify({ NetworkInterfaces: [face] }));
  const { code, stderr } = await runHere(['inventory', 'import', '--store', store, inventory]);
  if (code !== 0) throw new Error(stderr);
}

test('a plan names who would miss the machine, has its ids, and its script runs nothing by itself', async () => {
  const store = join(temp.path, 'store');
  await fill(store);
  const plan = await jsonHere<DoorPlan>([
    'door',
    'plan',
    '10.0.1.7:80',
    '--store',
    store,
    '--format',
    'json',
  ]);
  expect(plan.machine).toMatchObject({
    instance: 'i-0abc', interface: 'eni-0a1b2c3d', vpc: 'vpc-1234', subnet: 'subnet-5678', public_address: '54.172.0.1',
  }); // prettier-ignore
  expect(plan.peers).toMatchObject([
    { address: '10.0.2.9', direction: 'in', port: 9090, flows: 120 },
    { address: '10.0.3.3', direction: 'out', port: 9092, flows: 30 },
  ]);
  const text = await runHere(['door', 'plan', '10.0.1.7:80', '--store', store]);
  expect(text.stdout).toContain('10.0.2.9 → port 9090: 120 flows');
  expect(text.stdout).toContain('INSTANCE_ID=i-0abc');
  expect(text.stdout).toContain('NOT KNOWN, set it: the address that you come from');
  expect([...text.stdout].filter((char) => char < ' ' && char !== '\n')).toEqual([]);

  const udp = await runHere(['door', 'plan', '10.0.1.7:53/udp', '--store', store]);
  expect(udp.stdout).toContain('peephole listen --port udp/53 --host 0.0.0.0 ::');

  const script = join(temp.path, 'door.sh');
  const printed = await runHere(['door', 'plan', '10.0.1.7:80', '--script', '--store', store]);
  await writeFile(script, printed.stdout);
  const before = await readdir(temp.path);
  // No `aws` is found there: a phase that ran would fail with 127.
  const options = { cwd: temp.path, env: { PATH: '/nowhere' } };
  await expect(run('/bin/sh', [script], options)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('relieve|isolate|open|close'),
  });
  await expect(run('/bin/sh', [script, 'isolate'], options)).rejects.toMatchObject({
    stderr: expect.stringContaining('set it first: the address that you come from'),
  });
  expect(await readdir(temp.path)).toEqual(before);
});

test('there is no plan for what nobody can enter, and it is said what to do instead', async () => {
  const store = join(temp.path, 'gateways');
  await fill(store);
  const inventory = join(temp.path, 'gateways.json');
  const face = (id: string, address: string, description: string) => ({
    NetworkInterfaceId: id, VpcId: 'vpc-1234', SubnetId: 'subnet-5678', Description: description,
    PrivateIpAddress: address, PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true }],
  }); // prettier-ignore
  const faces = [face('eni-nat', '10.0.0.5', 'Interface for NAT Gateway nat-0123'), face('eni-elb', '10.0.0.6', 'ELB app/shop/50dc6c495c0c9188')]; // prettier-ignore
  await writeFile(inventory, JSON.stringify({ NetworkInterfaces: faces }));
  expect((await runHere(['inventory', 'import', '--store', store, inventory])).code).toBe(0);
  for (const [end, why] of [
    ['10.0.0.5:23', 'nat-0123 is an address of a NAT gateway, which lets no connection in'],
    ['10.0.0.6:23', 'nothing can be run on an application load balancer'],
  ] as const)
    for (const form of [[], ['--script']]) {
      const { code, stdout, stderr } = await runHere(['door', 'plan', end, '--store', store, ...form]);
      expect(code).toBe(2);
      expect(stderr.replaceAll(/\s+/g, ' ')).toContain(why);
      expect(stdout).toBe('');
    }
});

test('a plan for what is not a finding says how to name a machine', async () => {
  const store = join(temp.path, 'store');
  const { code, stderr } = await runHere(['door', 'plan', 'nothing', '--store', store]);
  expect(code).toBe(1);
  expect(stderr).toContain('peephole door plan 10.0.1.7:80');
});
