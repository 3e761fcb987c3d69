import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { PeepholeError } from '../../model/errors.ts';
import { openInput } from '../decode.ts';
import { tarOf, zipOf } from '../fixtures/archives.ts';
import { chunked, decodeAll, gather } from '../fixtures/decode-all.ts';
import { UnpackBudget } from './unpack-budget.ts';

const line = (i: number): string =>
  `2 123456789010 eni-1 192.0.2.1 198.51.100.7 ${20_000 + i} 443 6 1 ${100 + i} 1700000000 1700000060 ACCEPT OK\n`;

/** For each member the bytes of its flows, or why it can't be read; members of nested archives have paths. */
async function contents(
  bytes: AsyncIterable<Uint8Array>,
  path = '',
  layers = 0,
  budget = new UnpackBudget(1_000_000),
): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  try {
    const opened = await openInput({ bytes, random: null, layers }, budget);
    if (opened.kind === 'records') {
      const { flows } = await gather(opened.parts({}));
      return { [path]: flows.map((flow) => Number(flow['bytes'])) };
    }
    for await (const member of opened.members) {
      Object.assign(found, await contents(member.bytes, `${path}/${member.name}`, opened.layers, budget));
    }
  } catch (error) {
    if (!(error instanceof PeepholeError)) throw error;
    found[path] = error.message;
  }
  return found;
}

async function contentsOf(bytes: Uint8Array): Promise<Record<string, unknown>> {
  const results = [];
  for (const size of [bytes.length, 700, 37]) results.push(await contents(chunked(bytes, size)));
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
  return results[0]!;
}

describe('archives', () => {
  const files = [
    { name: 'AWSLogs/', content: '' },
    { name: 'AWSLogs/1.log', content: line(1) + line(2) },
    { name: 'AWSLogs/2.log.gz', content: gzipSync(line(3)) },
    { name: '.DS_Store', content: 'x' },
    { name: '__MACOSX/AWSLogs/._1.log', content: 'x' },
    { name: './3.log', content: line(4) },
    { name: '../above.log', content: line(5) },
    { name: 'empty.log', content: '' },
  ];
  const expected = {
    '/AWSLogs/1.log': [101, 102],
    '/AWSLogs/2.log.gz': [103],
    '/3.log': [104],
    '/../above.log': [105],
    '/empty.log': [],
  };

  test.each([
    ['zip', zipOf(files)],
    ['zip, stored', zipOf(files.map((file) => ({ ...file, method: 0 })))],
    ['tar', tarOf(files)],
    ['tar.gz', gzipSync(tarOf(files))],
    ['zip in gzip', gzipSync(zipOf(files))],
  ])('%s: files by their paths, hidden ones left out', async (_, bytes) => {
    expect(await contentsOf(bytes)).toEqual(expected);
  });

  test('may be nested, with compression between', async () => {
    const inner = zipOf([{ name: 'a.log.gz', content: gzipSync(gzipSync(line(1))) }]);
    const bytes = gzipSync(
      tarOf([
        { name: 'x/inner.zip', content: inner },
        { name: 'inner.tgz', content: gzipSync(tarOf([{ name: 'b.log', content: line(2) }])) },
        { name: 'c.log', content: line(3) },
      ]),
    );
    expect(await contentsOf(bytes)).toEqual({
      '/x/inner.zip/a.log.gz': [101],
      '/inner.tgz/b.log': [102],
      '/c.log': [103],
    });
  });

  test('a member that is not read completely does not block the next', async () => {
    for (const bytes of [tarOf(files), zipOf(files)]) {
      const opened = await openInput(
        { bytes: chunked(bytes, 100), random: null, layers: 0 },
        new UnpackBudget(1_000_000),
      );
      if (opened.kind !== 'archive') expect.unreachable();
      const names = [];
      for await (const member of opened.members) names.push(member.name);
      expect(names).toHaveLength(5);
    }
  });

  test('reading may stop at any time', async () => {
    for (const bytes of [tarOf(files), gzipSync(tarOf(files)), zipOf(files)]) {
      let closed = false;
      const source = async function* (): AsyncGenerator<Uint8Array> {
        try {
          yield* chunked(bytes, 100);
        } finally {
          closed = true;
        }
      };
      const opened = await openInput(
        { bytes: source(), random: null, layers: 0 },
        new UnpackBudget(1_000_000),
      );
      if (opened.kind !== 'archive') expect.unreachable();
      for await (const member of opened.members) {
        for await (const chunk of member.bytes) if (chunk.length > 0) break;
        break;
      }
      await expect.poll(() => closed).toBe(true);
    }
  });

  test('an empty one has no members', async () => {
    expect(await contentsOf(zipOf([]))).toEqual({});
  });

  test('the number of nested layers is limited', async () => {
    let bytes: Buffer = Buffer.from(line(1));
    for (let i = 0; i < 8; i += 1) bytes = gzipSync(bytes);
    expect((await decodeAll(bytes)).flows).toHaveLength(1);
    await expect(decodeAll(gzipSync(bytes))).rejects.toThrow('more than 8 layers');
    for (let i = 0; i < 4; i += 1) bytes = zipOf([{ name: 'in.zip', content: bytes }]);
    expect(Object.values(await contentsOf(bytes))).toEqual([expect.stringContaining('more than 8 layers')]);
  });
});

describe('invalid archives', () => {
  const good = { name: 'good.log', content: line(1) };
  test.each([
    ['encrypted', { name: 'bad.log', content: line(2), encrypted: true }, /is encrypted in the zip archive/],
    ['another method', { name: 'bad.log', content: line(2), method: 9 }, /Deflate64/],
    ['LZMA', { name: 'bad.log', content: line(2), method: 14 }, /LZMA/],
    [
      'bzip2 by itself',
      { name: 'bad.log', content: 'BZh91AY&SY\x01\x02\x03\x04\x05\x06\x07\x0e\x0f' },
      /bzip2/,
    ],
  ])("%s: that file alone can't be read", async (_, bad, reason) => {
    const found = await contentsOf(zipOf([bad, good]));
    expect(found).toEqual({ '/bad.log': expect.stringMatching(reason) as unknown, '/good.log': [101] });
  });

  test('a changed byte in a file of a zip archive is detected', async () => {
    const bytes = zipOf([
      { ...good, method: 0 },
      { name: 'b.log', content: line(2), method: 0 },
    ]);
    const at = bytes.indexOf('443');
    bytes[at] = 0x35;
    expect(await contentsOf(bytes)).toEqual({
      '/good.log': 'The file is corrupt in the zip archive. Fetch the archive again.',
      '/b.log': [102],
    });
  });

  test('an archive truncated anywhere is reported, and the part before is read', async () => {
    for (const pack of [tarOf, zipOf, (files: Parameters<typeof tarOf>[0]) => gzipSync(tarOf(files))]) {
      const bytes = pack([
        good,
        { name: 'b.log', content: line(2).repeat(50) },
        { name: 'c.log', content: line(3) },
      ]);
      for (let size = 560; size < bytes.length - (pack === tarOf ? 1024 : 1); size += 97) {
        const found = Object.values(await contents(chunked(bytes.subarray(0, size), 300)));
        const wrong = found.filter((value) => typeof value === 'string');
        expect(wrong.length).toBeGreaterThan(0);
        for (const message of wrong) expect(message).toMatch(/incomplete|corrupt/);
      }
    }
  });

  test('a tar archive without its end mark is incomplete', async () => {
    expect(await contentsOf(tarOf([good]).subarray(0, -1024))).toEqual({
      '/good.log': [101],
      '': 'The tar archive ends too early: it is incomplete. Fetch it again.',
    });
  });

  test('Office documents are not archives of logs', async () => {
    const bytes = zipOf([
      { name: '[Content_Types].xml', content: '<x/>' },
      { name: 'xl/sheet1.xml', content: '<x/>' },
    ]);
    expect(await contentsOf(bytes)).toEqual({ '': expect.stringMatching(/Office.*CSV/) as unknown });
  });

  test('a part of a split archive is refused', async () => {
    const bytes = zipOf([good]);
    bytes.writeUInt16LE(1, bytes.length - 22 + 4);
    expect(await contentsOf(bytes)).toEqual({ '': expect.stringMatching(/several files/) as unknown });
  });
});

describe('bombs', () => {
  test.each([
    ['gzip in gzip', (zeros: Buffer) => gzipSync(Buffer.concat(Array<Buffer>(16).fill(zeros)))],
    [
      'files in a zip archive',
      (zeros: Buffer) =>
        zipOf(Array.from({ length: 16 }, (_, i) => ({ name: `${i}.log.gz`, content: zeros, method: 0 }))),
    ],
    [
      'a file in a zip archive',
      () => zipOf([{ name: 'a.log', content: Buffer.alloc(64 * 1024 * 1024, '\n') }]),
    ],
  ])('%s: what becomes five hundred times as large is refused on the way', async (_, make) => {
    const bytes = make(gzipSync(Buffer.alloc(4 * 1024 * 1024, '\n')));
    const budget = new UnpackBudget(bytes.length, 16 * 1024 * 1024);
    const found = await contents(chunked(bytes, 65_536), '', 0, budget);
    expect(Object.values(found).some((value) => /500 times as large/.test(String(value)))).toBe(true);
  });

  test('a file of a zip archive that is larger than it says is corrupt', async () => {
    const bytes = zipOf([{ name: 'a.log', content: line(1).repeat(1000) }]);
    const sizeAt = bytes.indexOf('PK\x01\x02') + 24;
    bytes.writeUInt32LE(10, sizeAt);
    expect(await contentsOf(bytes)).toEqual({ '/a.log': expect.stringMatching(/corrupt/) as unknown });
  });
});
