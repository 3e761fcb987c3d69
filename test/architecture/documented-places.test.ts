import { posix } from 'node:path';
import { glob } from 'tinyglobby';
import { expect, test } from 'vitest';
import type { AlertRunner } from '../../src/alerts/alert-runner.ts';
import { nothing, useApp } from '../support/use-app.ts';
import { blockLinesOf, documents, root, spansOf } from './documents.ts';

const makeApp = useApp();
/** All documents but the changelog, which tells of what was. */
const ALL = ['{README,CONTRIBUTING}.md', 'docs/**/*.md', 'src/**/*.md', 'web/**/*.md', 'test/**/*.md', 'bench/*.md', 'scripts/*.md']; // prettier-ignore

/** Routes as documents write them: after a method, after the address of a server, or alone between backticks. */
const afterMethod = /\b((?:GET|POST|PUT|DELETE)(?:\/(?:GET|POST|PUT|DELETE))*) (\/[^\s`'"?…]*)/g;
const afterServer = /(?:localhost|127\.0\.0\.1|HOST):\w+(\/[^\s`'"?…)]*)/g;
const alone = /^(\/(?:api|embed|address|interface|service|name|party|operator|country|port|map|knocks|door|sources|alerts|dashboards|metrics|healthz|openapi)(?:[./][^\s?…]*)?)(?:[?…].*)?$/; // prettier-ignore

interface Named {
  readonly document: string;
  readonly path: string;
  readonly methods: readonly string[];
}

function routesIn(document: string, text: string): readonly Named[] {
  return [...spansOf(text), ...blockLinesOf(text)].flatMap((code) => [
    ...[...code.matchAll(afterMethod)].map(([, methods = '', path = '']) => ({
      document,
      path,
      methods: methods.split('/'),
    })),
    ...[...code.matchAll(afterServer), ...code.matchAll(new RegExp(alone, 'g'))].map(([, path = '']) => ({
      document,
      path,
      methods: [],
    })),
  ]);
}

test('every route that a document names is one of the server, with that method', async () => {
  const app = await makeApp(nothing, { alerts: {} as AlertRunner });
  const named = [...(await documents(ALL))].flatMap(([path, text]) => routesIn(path, text));
  const wrong: string[] = [];
  for (const { document, path, methods } of named) {
    // No route takes TRACE: the answer names those methods that the path takes.
    const url = path.replaceAll(/\{\w+\}/g, 'x');
    const { statusCode, headers } = await app.inject({ method: 'TRACE' as 'GET', url });
    const allowed = (headers['allow'] ?? '').split(', ');
    if (statusCode !== 405 || methods.some((method) => !allowed.includes(method)))
      wrong.push(`${document}: ${methods.join('/')} ${path} (${String(statusCode)}: ${allowed.join(', ')})`);
  }
  expect(wrong).toEqual([]);
  expect(named.length).toBeGreaterThan(50);
});

const endsAsFile = /^[\w.{},*/-]+\.(?:tsx?|mjs|cjs|css|md)$/;
const ofTheTree = /^(?:src|web|test|bench|docs|scripts)\//;

test('every path of the repository that a document names is there', async () => {
  const files = await glob(['**/*'], { cwd: root, dot: true, onlyFiles: false, ignore: ['**/node_modules/**', '.git/**', '.cache/**'] }); // prettier-ignore
  const there = new Set(files.map((path) => path.replace(/\/$/, '')));
  /** A path may begin at any folder: `duckdb/rollups.ts`. */
  const ends = new Set(
    [...there].flatMap((path) => path.split('/').map((_, at, parts) => parts.slice(at).join('/'))),
  );
  const wrong: string[] = [];
  let named = 0;
  for (const [document, text] of await documents(ALL)) {
    for (const span of spansOf(text)) {
      const path = span.replace(/\/$/, '');
      if (!endsAsFile.test(path) && !(ofTheTree.test(span) && /^[\w./-]+$/.test(span))) continue;
      if (posix.basename(path).startsWith('x.') || /[*{]/.test(path)) continue;
      named++;
      if (!ends.has(path)) wrong.push(`${document}: ${span}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(named).toBeGreaterThan(150);
});

/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

test('every link between documents leads to a file and a heading that are there', async () => {
  const texts = await documents(ALL);
  const others = new Set(await glob(['docs/**/*', '*'], { cwd: root, onlyFiles: true }));
  const wrong: string[] = [];
  for (const [document, text] of texts) {
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^\w+:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? document : posix.join(posix.dirname(document), file);
      const headings = [...(texts.get(path)?.matchAll(/^#+ (.*)$/gm) ?? [])].map(([, heading = '']) => anchorOf(heading)); // prettier-ignore
      if (!texts.has(path) && !others.has(path)) wrong.push(`${document}: ${target}`);
      else if (anchor !== undefined && !headings.includes(anchor)) wrong.push(`${document}: ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});
