import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import { expect, test } from 'vitest';
import { parseDtls, parseOldTls, parseTls } from './client-hello.ts';
import { clientSamples } from './samples/client-samples.ts';
import { ja4 } from './ja4.ts';

const hexes = (text: string): readonly number[] => text.split(',').map((hex) => Number.parseInt(hex, 16));

/** The example of the specification: https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md */
const chrome = {
  legacyVersion: 0x0303,
  ciphers: hexes('0a0a,1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035'),
  extensions: hexes('1a1a,001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015'),
  supportedVersions: hexes('2a2a,0304,0303'),
  signatureAlgorithms: hexes('0403,0804,0401,0503,0805,0501,0806,0601'),
  alpn: [Buffer.from('h2'), Buffer.from('http/1.1')],
  serverName: Buffer.from('a.example'),
};

test('the example of the specification has its published fingerprint', () => {
  expect(ja4(chrome, 't')).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
  expect(ja4(chrome, 'q')).toBe('q13d1516h2_8daaf6152771_e5627efa2ab1');
});

test('reads another browser, with newer extensions', () => {
  // https://tls.browserleaks.com for Chrome 143, with the lists that it hashed.
  const newer = {
    ...chrome,
    extensions: hexes('002d,0033,0010,fe0d,0017,44cd,0000,000b,000a,002b,ff01,0023,0012,0005,000d,001b'),
  };
  expect(ja4(newer, 't')).toBe('t13d1516h2_8daaf6152771_d8a2da3f94cd');
});

test('handles empty lists, unusual protocol names and many ciphers', () => {
  const bare = {
    ...chrome,
    ciphers: [],
    extensions: [],
    signatureAlgorithms: [],
    supportedVersions: [],
    alpn: [],
  };
  expect(ja4(bare, 't')).toBe('t12i000000_000000000000_000000000000');
  expect(ja4({ ...bare, alpn: [Buffer.from([0xab, 0xcd])] }, 't')).toMatch(/^t12i0000ad_/);
  expect(ja4({ ...bare, ciphers: Array.from({ length: 120 }, (_, at) => 0x1300 + at) }, 't')).toMatch(
    /^t12i9900/,
  );
});

/** The ClientHello of Node's own OpenSSL. */
async function helloOf(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ host: '127.0.0.1', port, ...options });
  client.on('error', () => undefined);
  try {
    const [socket] = (await once(server, 'connection')) as [Socket];
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return bytes;
  } finally {
    client.destroy();
    server.close();
  }
}

test('reads the ClientHello of OpenSSL, and any truncation of it as far as it goes', async () => {
  const bytes = await helloOf({
    servername: 'metrics.old-tenant.example',
    ALPNProtocols: ['h2', 'http/1.1'],
  });
  const whole = parseTls(bytes);
  expect(whole).toMatchObject({
    kind: 'tls',
    tls: { server_name: 'metrics.old-tenant.example', alpn: ['h2', 'http/1.1'], versions: ['1.3', '1.2'] },
  });
  expect(whole?.tls?.ja4).toMatch(/^t13d\d{4}h2_[0-9a-f]{12}_[0-9a-f]{12}$/);
  for (let length = 6; length < bytes.length; length += 1) {
    const cut = parseTls(bytes.subarray(0, length));
    expect(cut?.kind).toBe('tls');
    expect(cut?.tls?.ja4).toBe('');
    expect('metrics.old-tenant.example'.startsWith(cut?.tls?.server_name ?? '-')).toBe(true);
  }
  const fragments = [bytes.subarray(5, 60), bytes.subarray(60)].map((part) =>
    Buffer.concat([Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part]),
  );
  expect(parseTls(Buffer.concat(fragments))).toEqual(whole);
});

test('reads a TLS 1.2 client without a server name', async () => {
  const hello = parseTls(await helloOf({ maxVersion: 'TLSv1.2' }))?.tls;
  expect(hello).toMatchObject({ server_name: '', alpn: [], versions: ['1.2'] });
  expect(hello?.ja4).toMatch(/^t12i/);
});

const sample = (client: string): Buffer =>
  clientSamples.find((each) => each.client === client)?.bytes ?? Buffer.alloc(0);

test('reads DTLS: server name, versions from the newest, and its own fingerprint', () => {
  const probe = sample('a DTLS client');
  expect(parseDtls(probe)?.tls).toMatchObject({ server_name: '', alpn: [], versions: ['DTLS 1.2'] });
  expect(parseDtls(probe)?.tls?.ja4).toMatch(/^dd2i\d{4}00_[0-9a-f]{12}_[0-9a-f]{12}$/);
  const offers = { ...chrome, legacyVersion: 0xfefd, supportedVersions: hexes('fefd,fefc') };
  // The lists are those of the specification's example.
  expect(ja4(offers, 'd')).toBe('dd3d1516h2_8daaf6152771_e5627efa2ab1');
  for (let length = 0; length < probe.length; length += 1)
    expect(parseDtls(probe.subarray(0, length))?.tls?.ja4 ?? '', `${length}`).toBe('');
});

test('a ClientHello in SSL 2.0 format shows the offered version; with wrong lengths it is none', () => {
  const probe = sample('an old client');
  expect(parseOldTls(probe)).toEqual({
    kind: 'tls',
    tls: { server_name: '', alpn: [], versions: ['1.0'], ja4: '' },
  });
  expect(parseOldTls(probe.subarray(0, 10))).toBeNull();
  for (const at of [0, 1, 2, 3, 5, 6, 7, 8, 9]) {
    const changed = Buffer.from(probe);
    changed[at] = (changed[at] ?? 0) ^ 0x41;
    expect(parseOldTls(changed), `${at}`).toBeNull();
  }
});
