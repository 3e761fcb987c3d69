import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { measures } from '../../src/model/catalog/measures.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';

const docs = await readFile(new URL('../../docs/query.md', import.meta.url), 'utf8');

test('every query in the documentation is one', () => {
  const blocks = [...docs.matchAll(/```json\n(.*?)```/gs)]
    .map((match) => match[1] ?? '')
    .filter((text) => !text.includes('…'));
  expect(blocks.length).toBeGreaterThan(3);
  for (const block of blocks) expect(() => parseQuery(JSON.parse(block)), block).not.toThrow();
});

test('the documentation defines every measure', () => {
  for (const { name } of measures) expect(docs).toContain(`\`${name}\``);
});
