import { diffArrays } from 'diff';

/** A line of a comparison: in both texts, or in one of them. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added' | 'skipped';
  readonly text: string;
}

/** Lines of both texts that are shown around those that differ. */
const AROUND = 2;
/** Milliseconds that a comparison may take; beyond that all lines count as changed. */
const MOST_TIME = 1000;

/** The difference of two texts by lines; long equal parts are one `skipped` line. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const changes = diffArrays(a, b, { timeout: MOST_TIME }) ?? [
    { value: a, removed: true, added: false },
    { value: b, removed: false, added: true },
  ];
  const lines = changes.flatMap(({ value, removed, added }) =>
    value.map((text): DiffLine => ({ kind: removed ? 'removed' : added ? 'added' : 'same', text })),
  );
  return shorten(lines);
}

function shorten(lines: readonly DiffLine[]): readonly DiffLine[] {
  const isNear = (at: number): boolean =>
    lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ kind }) => kind !== 'same');
  return lines.flatMap((line, at) => {
    if (isNear(at)) return [line];
    return at === 0 || isNear(at - 1) ? [{ kind: 'skipped' as const, text: '…' }] : [];
  });
}
