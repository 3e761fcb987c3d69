import { type ReactNode, useId } from 'react';
import type { Span } from '../../src/view/time/buckets.ts';
import { type Coverage, within } from '../../src/view/time/coverage.ts';
import './strip.css';

/**
 * Times without logs, hatched, and times in which AWS lost records, dotted and underlined. Each is at least a pixel
 * wide, so that no gap looks like a time without traffic.
 */
export function Gaps(props: {
  readonly coverage: Coverage;
  readonly range: Span;
  readonly width: number;
  readonly height: number;
}): ReactNode {
  const id = useId();
  const { range, height } = props;
  const scale = props.width / (range.to - range.from);
  const boxOf = ({ from, to }: Span): { x: number; width: number } => ({
    x: (from - range.from) * scale,
    width: Math.max(1, (to - from) * scale),
  });
  const gaps = within(props.coverage.gaps, range);
  const lossy = within(props.coverage.lossy, range);
  return (
    <>
      {gaps.length > 0 && (
        <pattern id={id} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path className="gap-hatch" d="M0 0v4" opacity="0.8" />
        </pattern>
      )}
      {gaps.map((gap) => (
        <g key={gap.from} data-gap="">
          <rect {...boxOf(gap)} height={height} className="gap-wash" />
          <rect {...boxOf(gap)} height={height} fill={`url(#${id})`} />
        </g>
      ))}
      {lossy.length > 0 && (
        <pattern id={`${id}-lossy`} width="4" height="4" patternUnits="userSpaceOnUse">
          <circle className="lossy-dot" cx="1.5" cy="1.5" r="0.8" />
        </pattern>
      )}
      {lossy.map((each) => (
        <g key={each.from} data-lossy="">
          <rect {...boxOf(each)} height={height} fill={`url(#${id}-lossy)`} />
          <rect {...boxOf(each)} y={height + 1} height={2} className="lossy-line" />
        </g>
      ))}
    </>
  );
}
