import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeAll } from '../fixtures/decode-all.ts';
import { SOURCE_SHA256 } from './usual-lines.wasm.ts';

test('the compiled module was made of the source beside it', () => {
  const source = readFileSync(new URL('usual-lines.as', import.meta.url), 'utf8').replaceAll('\r\n', '\n');
  // If not: node scripts/compile-usual-lines.mjs
  expect(SOURCE_SHA256).toBe(createHash('sha256').update(source).digest('hex'));
});

test('more texts than the table holds', async () => {
  const lines = Array.from({ length: 150_000 }, (_, i) => `vpc-${i % 100_000} eni-${i} ${i}`);
  const { flows } = await decodeAll(`vpc-id interface-id packets\n${lines.join('\n')}\n`);
  expect(flows).toHaveLength(150_000);
  for (let i = 0; i < flows.length; i += 997)
    expect(flows[i]).toEqual({ vpc_id: `vpc-${i % 100_000}`, interface_id: `eni-${i}`, packets: BigInt(i) });
}, 30_000);

test('a layout of more places than it knows', async () => {
  const names = Array.from({ length: 140 }, (_, i) => `unknown-${i}`);
  const header = ['version', 'srcaddr', ...names].join(' ');
  const { flows } = await decodeAll(`${header}\n2 10.0.0.1 ${names.map(() => '-').join(' ')}\n`, {
    format: { names: header.split(' ') },
  });
  expect(flows).toEqual([{ version: 2, srcaddr: '10.0.0.1' }]);
});

test('fields that the catalog does not know are told apart by their layout', async () => {
  const { flows } = await decodeAll(
    'version srcaddr one\n2 10.0.0.1 a\nversion srcaddr other\n2 10.0.0.1 a\n',
  );
  expect(flows.map(({ extra }) => extra)).toEqual(['{"one":"a"}', '{"other":"a"}']);
});
