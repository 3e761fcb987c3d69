import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeAll } from '../fixtures/decode-all.ts';
import { isTellingLine } from './telling-line.ts';

const LINE = '2 123456789010 eni-1 192.0.2.1 198.51.100.7 20001 443 6 1 101 1700000000 1700000060 ACCEPT OK';
const json = (value: unknown): string => JSON.stringify(value);

describe('other kinds of files in a bucket are recognized', () => {
  test.each([
    [
      'Application Load Balancer log',
      'http 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 2018-07-02T22:22:48.364000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"',
    ],
    [
      'Network Load Balancer log',
      'tls 2.0 2018-12-20T02:59:40 net/my-network-loadbalancer/c6e77e28c25b2234 g3d4b5e8bb8464cd 72.21.218.154:51341 172.100.100.185:443 5 2 98 246 - arn:aws:acm:us-east-2:671290407336:certificate/2a108f19 - ECDHE-RSA-AES128-SHA tlsv12 - my-network-loadbalancer.example.com - - - 2018-12-20T02:59:30',
    ],
    [
      'Classic Load Balancer log',
      '2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -',
    ],
    [
      'connection log of a load balancer',
      '2023-10-04T17:05:15.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 4.036 "CN=amazondomains.com" NotBefore=2023-09-21T22:43:21Z;NotAfter=2026-06-17T22:43:21Z FEF257372D5C14D4 Success',
    ],
    ["load balancer's test file", 'Enable AccessLog for ELB: my-lb at 2023-11-14T22:13:20.000Z\n'],
    ["CloudWatch's test of its permission", 'Permission Check Successful'],
    [
      'CloudFront log',
      '#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip\n2019-12-04\t21:02:31\tLAX1\t392\t192.0.2.100\n',
    ],
    [
      'S3 access log',
      '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be amzn-s3-demo-bucket1 [06/Feb/2019:00:00:38 +0000] 192.0.2.3 79a59df9 3E57427F3EXAMPLE REST.GET.VERSIONING - "GET /?versioning HTTP/1.1" 200 - 113 - 7 - "-" "S3Console/0.4" - s9lz SigV4 ECDHE-RSA',
    ],
    [
      "web server's log",
      '203.0.113.9 - - [14/Nov/2023:22:13:20 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/8.5.0"',
    ],
    [
      "function's log",
      'START RequestId: 8f507cfc-xmpl-4697-b07a-ac58fc914c95 Version: $LATEST\nEND RequestId: 8f507cfc\n',
    ],
    ['HTML page', '<!DOCTYPE html>\n<html><body>Access denied</body></html>'],
    ['XML document', '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>'],
    [
      'text of another kind',
      '# Flow logs\n\nThese are the flow logs of account 123456789010, interface eni-0aa.\nAsk the network team about them.\n',
    ],
    [
      'text of another kind',
      `How to read this\n\nA line such as\n\n${LINE}\n\nsays who talked to whom.\n\nThe first\nis the version\nthe second the account\nand so on.\n`,
    ],
    [
      'CloudTrail log',
      json({
        Records: [
          {
            eventVersion: '1.08',
            userIdentity: {},
            eventTime: 'x',
            eventSource: 'ec2.amazonaws.com',
            eventName: 'Describe',
            awsRegion: 'us-east-1',
            requestParameters: null,
          },
        ],
      }),
    ],
    [
      'notification of S3',
      json({ Records: [{ eventVersion: '2.1', eventSource: 'aws:s3', s3: { bucket: {} } }] }),
    ],
    ["S3's test event", json({ Service: 'Amazon S3', Event: 's3:TestEvent', Time: 'x', Bucket: 'b' })],
    [
      'Route 53 Resolver query log',
      json({
        version: '1.100000',
        account_id: '123456789010',
        region: 'us-east-1',
        vpc_id: 'vpc-1',
        query_timestamp: 'x',
        query_name: 'example.com.',
        query_type: 'A',
        query_class: 'IN',
        rcode: 'NOERROR',
        answers: [],
        srcaddr: '192.0.2.1',
        srcport: '4711',
        transport: 'UDP',
      }),
    ],
    [
      'WAF log',
      json({ timestamp: 1, formatVersion: 1, webaclId: 'arn', httpRequest: { clientIp: '192.0.2.1' } }),
    ],
    [
      'Network Firewall log',
      json({
        firewall_name: 'f',
        availability_zone: 'z',
        event_timestamp: '1',
        event: { src_ip: '192.0.2.1' },
      }),
    ],
    ["EC2's list of interfaces", json({ NetworkInterfaces: [] })],
    ['JSON of another kind', json({ name: 'x', version: '1.0.0', scripts: {} })],
    ['JSON of another kind', json(['x', { y: 2 }])],
    ['messages of another kind', '@timestamp,@message\n1,START of the job\n2,END of the job\n'],
  ])('%s', async (kind, input) => {
    for (const bytes of [input, gzipSync(input)]) {
      await expect(decodeAll(bytes)).rejects.toMatchObject({
        code: 'unreadable_input',
        message: expect.stringContaining(kind) as unknown,
        details: { notFlowLogs: true },
      });
    }
  });

  test.each([
    ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0])],
    ['a PNG image', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')],
    ['bzip2', Buffer.from('BZh91AY&SY\x01\x02\x03\x04\x05\x06\x07\x0e\x0f\x10', 'latin1')],
    ['xz', Buffer.from('\xfd7zXZ\0\0\x04', 'latin1')],
    ['7-Zip', Buffer.from("7z\xbc\xaf'\x1c\0\x04", 'latin1')],
    ['RAR', Buffer.from('Rar!\x1a\x07\x01\0', 'latin1')],
    ['pcap', Buffer.from('\xd4\xc3\xb2\xa1\x02\0\x04\0', 'latin1')],
    ['UTF-32', Buffer.from('\xff\xfe\0\0v\0\0\0e\0\0\0', 'latin1')],
  ])('%s', async (kind, bytes) => {
    await expect(decodeAll(bytes)).rejects.toThrow(kind);
  });
});

describe('what may be a flow log is read as text', () => {
  test.each([
    ['a broken line first', `oops\n${LINE}\n`, 1, 1],
    ['only broken records', '2 123456789010 eni-1 192.0.2.1 198.51.100.7\n2 123456789010 eni-1\n', 0, 2],
    ['only a header', 'version account-id interface-id\n', 0, 0],
    [
      'a load balancer under a header of ours',
      `srcaddr dstaddr\nhttp 2018-07-02T22:23:00.186641Z app/x\n`,
      0,
      1,
    ],
    ['a custom format that nobody named', 'eni-1 192.0.2.1 198.51.100.7 443\n', 0, 1],
    ['numbers', '6 443 20001 60\n', 0, 1],
    [
      'one foreign event among ours',
      `{"message":"${LINE}"}\n{"message":"START RequestId: 1"}\n{"x":1}\n`,
      1,
      2,
    ],
  ])('%s', async (_, input, flows, quarantined) => {
    const decoded = await decodeAll(input);
    expect([decoded.flows.length, decoded.quarantined.length]).toEqual([flows, quarantined]);
  });

  test('any lines are read if --format names their layout', async () => {
    const { quarantined } = await decodeAll('hello\nworld\n', { format: { names: ['srcaddr', 'dstaddr'] } });
    expect(quarantined).toHaveLength(2);
  });
});

test('other content is skipped after its beginning, however long it is', async () => {
  let read = 0;
  const { decode } = await import('../decode.ts');
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    for (; read < 1_000_000_000; read += 100_000) yield Buffer.from('{"a":1}\n'.repeat(12_500));
  };
  await expect(decode(endless()).next()).rejects.toThrow('JSON of another kind');
  expect(read).toBeLessThan(1_000_000);
});

test('a line is recognized as a flow log by its values, not by a single word', () => {
  expect(isTellingLine('2 123456789010 eni-1 10.0.0')).toBe(true);
  expect(isTellingLine('Interface eni-0aa of vpc-1 has the address 10.0.0.1.')).toBe(false);
  expect(isTellingLine('REJECT')).toBe(false);
});
