import { type ReactNode, useId } from 'react';
import { type Span, gapsWithin } from '../time/buckets.ts';
import './strip.css';

/** Where there are no logs: hatched, at least a pixel wide, so that no gap is ever taken for silence. */
export function Gaps(props: {
  readonly gaps: readonly Span[];
  readonly range: Span;
  readonly width: number;
  readonly height: number;
}): ReactNode {
  const id = useId();
  const scale = props.width / (props.range.to - props.range.from);
  const gaps = gapsWithin(props.gaps, props.range);
  if (gaps.length === 0) return null;
  return (
    <>
      <pattern id={id} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path className="gap-hatch" d="M0 0v4" opacity="0.8" />
      </pattern>
      {gaps.map((gap) => {
        const box = {
          x: (gap.from - props.range.from) * scale,
          y: 0,
          width: Math.max(1, (gap.to - gap.from) * scale),
          height: props.height,
        };
        return (
          <g key={gap.from} data-gap="">
            <rect {...box} className="gap-wash" />
            <rect {...box} fill={`url(#${id})`} />
          </g>
        );
      })}
    </>
  );
}
