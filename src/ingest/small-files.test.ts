import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { SMALL_FILE_BYTES } from './decode-protocol.ts';
import { decodeSmallFiles } from './small-files.ts';

const temp = useTempFolder();
const flow = (port: number): string =>
  `2 123456789012 eni-1 10.0.0.1 10.0.0.2 40000 ${port} 6 3 180 1717200000 1717200059 ACCEPT OK\n`;
const sha = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

function put(name: string, content: Uint8Array | string): { readonly path: string; readonly known: [] } {
  const path = join(temp.path, name);
  writeFileSync(path, content);
  return { path, known: [] };
}

test('files are decoded one after another; what can not be is left alone', () => {
  const packed = gzipSync(flow(1) + flow(2));
  mkdirSync(join(temp.path, 'folder'));
  const outcomes = decodeSmallFiles(
    [
      put('a.gz', packed),
      { path: join(temp.path, 'gone'), known: [] },
      put('words', 'no logs\nhere\n'),
      { path: join(temp.path, 'folder'), known: [] },
      put('large', ' '.repeat(SMALL_FILE_BYTES + 1)),
      put('b', flow(3)),
    ],
    null,
  );
  expect(outcomes.map(({ kind }) => kind)).toEqual([
    'decoded',
    'alone',
    'alone',
    'alone',
    'alone',
    'decoded',
  ]);
  expect(outcomes[0]).toMatchObject({
    part: { flows: { rows: 2 } },
    sha256: sha(packed),
    size: packed.length,
  });
  expect(outcomes[5]).toMatchObject({ part: { flows: { rows: 1 } }, sha256: sha(flow(3)) });
});

test('content that is in is not decoded', () => {
  const { path } = put('known', flow(4));
  expect(decodeSmallFiles([{ path, known: ['other', sha(flow(4))] }], null)).toEqual([{ kind: 'known' }]);
  expect(decodeSmallFiles([{ path, known: ['other'] }], null)).toMatchObject([{ kind: 'decoded' }]);
});

test('a thread stops when there are as many records as a part has', () => {
  const file = put('full.gz', gzipSync(flow(5).repeat(50_000)));
  expect(decodeSmallFiles([file, file, file, file, file], null)).toHaveLength(3);
});

test('a format is of text without a header', () => {
  const file = put('format', '10.0.0.1 10.0.0.2 1717200000 ACCEPT\n');
  const outcomes = decodeSmallFiles([file], 'srcaddr dstaddr start action');
  expect(outcomes).toMatchObject([{ part: { flows: { rows: 1 } } }]);
});
