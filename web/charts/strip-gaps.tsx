import type { ReactNode } from 'react';
import type { Span } from '../../src/view/time/buckets.ts';
import { type Coverage, within } from '../../src/view/time/coverage.ts';
import './strip.css';

/** Pixels between the lines of the hatching, and between the dots. */
const HATCH = 5;
const DOTS = 4;

/**
 * Times with missing logs in a strip: as in a chart (`Gaps`), but in four paths, since a table has dozens of strips.
 */
export function StripGaps(props: {
  readonly coverage: Coverage;
  readonly range: Span;
  readonly width: number;
  readonly height: number;
}): ReactNode {
  const { range, height } = props;
  const scale = props.width / (range.to - range.from);
  const boxes = (spans: readonly Span[]): readonly Box[] =>
    within(spans, range).map(({ from, to }) => ({
      x: round((from - range.from) * scale),
      width: round(Math.max(1, (to - from) * scale)),
    }));
  const gaps = boxes(props.coverage.gaps);
  const lossy = boxes(props.coverage.lossy);
  return (
    <>
      {gaps.length > 0 && (
        <>
          <path
            className="gap-wash"
            data-gaps={gaps.length}
            d={gaps.map((box) => filled(box, 0, height)).join('')}
          />
          <path className="gap-lines" d={gaps.map((box) => hatching(box, height)).join('')} />
        </>
      )}
      {lossy.length > 0 && (
        <>
          <path className="lossy-dots" d={lossy.map((box) => columns(box, height)).join('')} />
          <path
            className="lossy-line"
            data-lossy={lossy.length}
            d={lossy.map((box) => filled(box, height + 1, 2)).join('')}
          />
        </>
      )}
    </>
  );
}

interface Box {
  readonly x: number;
  readonly width: number;
}

function filled({ x, width }: Box, top: number, height: number): string {
  return `M${x} ${top}h${width}v${height}h${-width}z`;
}

/** Lines at 45 degrees that end at the box's edges. */
function hatching({ x, width }: Box, height: number): string {
  let path = '';
  for (let start = HATCH - height; start < width; start += HATCH) {
    const first = Math.max(0, -start);
    const last = Math.min(height, width - start);
    if (last > first)
      path += `M${round(x + start + first)} ${height - first}L${round(x + start + last)} ${height - last}`;
  }
  return path;
}

/** Upright lines, to be dotted. */
function columns({ x, width }: Box, height: number): string {
  let path = '';
  for (let at = Math.min(width, DOTS) / 2; at <= width; at += DOTS) path += `M${round(x + at)} 1V${height}`;
  return path;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
