import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineDiff } from './line-diff.ts';

const textOf = (before: string, after: string): string =>
  lineDiff(before, after)
    .map(({ kind, text }) => `${{ same: ' ', removed: '-', added: '+', skipped: ' ' }[kind]}${text}`)
    .join('\n');

test('lines that differ are shown with those around them', () => {
  expect(textOf('a\nb\nc\nd\ne\nf\ng', 'a\nb\nc\nx\ne\nf\ng\nh')).toBe(' …\n b\n c\n-d\n+x\n e\n f\n g\n+h');
  expect(textOf('a\nb\nc', 'a\nb\nc')).toBe(' …');
});

test('whatever the texts, those of a side are its lines in their order', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = lineDiff(before.join('\n'), after.join('\n'));
      const side = (kind: 'removed' | 'added'): string =>
        diff
          .filter((line) => line.kind === kind || line.kind === 'same' || line.kind === 'skipped')
          .map((line) => (line.kind === 'skipped' ? '.*' : line.text))
          .join('\n');
      expect(before.join('\n')).toMatch(new RegExp(`^${side('removed')}$`, 's'));
      expect(after.join('\n')).toMatch(new RegExp(`^${side('added')}$`, 's'));
    }),
  );
});
