import { expect, test } from 'vitest';
import { commandTree } from '../../src/cli/run-command.ts';
import { findingKinds } from '../../src/model/knocks/finding-kinds.ts';
import { sourceForms } from '../../src/model/source-kinds.ts';
import { visualizationRows } from '../../src/view/visualizations.ts';
import { blockLinesOf, documents, spansOf } from './documents.ts';

/** README.md and the pages of the documentation, by path. */
const pages = (): Promise<ReadonlyMap<string, string>> => documents(['README.md', 'docs/*.md']);

test('every command is documented, and every command and option that the documentation names is there', async () => {
  const { commands } = await commandTree();
  const texts = await pages();
  const all = [...texts.values()].join('\n');
  for (const command of commands)
    expect([
      command.name(),
      // Several may stand in one place: `peephole alerts|views export`.
      new RegExp(String.raw`\bpeephole (?:[\w|\\]+\|)?${command.name()}\b`).test(all),
    ]).toEqual([command.name(), true]);
  const wrong: string[] = [];
  let named = 0;
  for (const [path, text] of texts) {
    for (const line of [...blockLinesOf(text), ...spansOf(text)]) {
      for (const [, words = ''] of line.matchAll(/\bpeephole ((?:[a-z][\w-]*|--[a-z])[^|;&`]*)/g)) {
        const [first = '', second = ''] = words.split(/\s+/);
        const command = commands.find((one) => one.name() === first);
        if (first.startsWith('--')) continue;
        named++;
        if (command === undefined) {
          wrong.push(`${path}: peephole ${words}`);
          continue;
        }
        const below = command.commands.find((one) => one.name() === second);
        const known = new Set(
          [command, ...(below === undefined ? command.commands : [below])].flatMap((one) =>
            one.options.flatMap(({ long, short }) => [long, short]),
          ),
        );
        for (const [option] of words.replaceAll(/'[^']*'|"[^"]*"/g, '').matchAll(/(?<=\s)--[a-z][\w-]*/g))
          if (!known.has(option) && option !== '--help') wrong.push(`${path}: peephole ${first} ${option}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(named).toBeGreaterThan(100);
});

test('every kind of finding, of source and every visualization has its place in the documentation', async () => {
  const texts = await pages();
  const missing = (path: string, words: readonly string[]): readonly string[] =>
    words.filter((word) => texts.get(path)?.includes(word) !== true);
  expect(missing('docs/knocks.md', findingKinds.map((kind) => `\`${kind}\``))).toEqual([]); // prettier-ignore
  expect(missing('docs/sources.md', sourceForms.map((form) => form.split(/(?<=:\/\/|:)/)[0] ?? form))).toEqual([]); // prettier-ignore
  expect(missing('docs/explorer.md', Object.values(visualizationRows).map(({ label }) => label))).toEqual([]); // prettier-ignore
});
