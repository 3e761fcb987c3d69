import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { glob } from 'tinyglobby';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Texts of Markdown files of the repository, by path: those that the patterns match. */
export async function documents(patterns: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const paths = await glob([...patterns], { cwd: root, ignore: ['**/node_modules/**', '**/dist/**'] });
  return new Map(
    await Promise.all(
      paths.toSorted().map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const),
    ),
  );
}

/** Texts between backticks. */
export function spansOf(text: string): readonly string[] {
  const spans = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)];
  // In tables of Markdown a bar is escaped.
  return spans.map(([, span = '']) => span.replaceAll('\\|', '|'));
}

/** Lines of blocks of code, without their comments. */
export function blockLinesOf(text: string): readonly string[] {
  return [...text.matchAll(/^```\w*\n([\s\S]*?)^```/gm)]
    .flatMap(([, block = '']) => block.replaceAll(/\\\n/g, ' ').split('\n'))
    .map((line) => line.replace(/(?:^|\s)#.*$/, ''));
}
