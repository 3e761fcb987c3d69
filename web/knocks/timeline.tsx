import { type ReactNode, useMemo, useState } from 'react';
import { kindWords } from '../../src/model/knocks/finding-kinds.ts';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import { Gaps } from '../charts/gaps.tsx';
import { widestOf } from '../charts/text-width.ts';
import { TimeAxis } from '../charts/time-axis.tsx';
import { useSize } from '../charts/use-size.ts';
import { counted } from '../../src/view/format/numbers.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { hoursOf } from './finding-hours.ts';
import { titleOf, toneOf } from './knock-words.ts';
import './timeline.css';

/** More rows than this are hidden behind a button. */
const FEW = 8;
/** Titles get the width they need, as long as the bars keep most of it. Pixels. */
const TITLE = { padding: 16, share: 0.55 };

/** When each finding was active: one row for each, on one axis of time. A click chooses it. */
export function Timeline(props: {
  readonly findings: readonly Finding[];
  readonly timezone: string;
  readonly chosen: string | null;
  readonly onChoose: (finding: Finding) => void;
}): ReactNode {
  const { findings, timezone } = props;
  const [all, setAll] = useState(false);
  const [element, full] = useSize<HTMLDivElement>('timeline');
  const rows = useMemo(
    () => findings.map((finding) => ({ finding, hours: hoursOf(finding, null) })),
    [findings],
  );
  const range = rows[0]?.hours.range;
  const shown = all || rows.length <= FEW + 1 ? rows : rows.slice(0, FEW);
  const titles = useMemo(
    () =>
      widestOf(
        findings.map((finding) => [{ text: titleOf(finding), mono: false }]),
        12,
      ),
    [findings],
  );
  const label = Math.ceil(Math.min(titles + TITLE.padding, full * TITLE.share));
  const width = Math.max(0, full - label);
  if (range === undefined) return null;
  return (
    <section className="timeline" aria-label="Timeline" ref={element}>
      <TimeAxis range={range} timezone={timezone} width={width} left={label} />
      <ul>
        {shown.map(({ finding, hours }) => (
          <li key={finding.id}>
            <button
              type="button"
              className="timeline-row"
              style={{ gridTemplateColumns: `${label}px minmax(0, 1fr)` }}
              aria-pressed={finding.id === props.chosen}
              title={`${kindWords[finding.kind].name}: ${titleOf(finding)}`}
              onClick={() => props.onChoose(finding)}
            >
              <span className="ellipsis">{titleOf(finding)}</span>
              <svg className={`tone-${toneOf(finding)}`} width={width} height={10} aria-hidden="true">
                <Gaps coverage={hours.coverage} range={range} width={width} height={10} />
                {hours.active.map((span) => (
                  <Bar key={span.from} span={span} range={range} width={width} score={finding.score} />
                ))}
              </svg>
            </button>
          </li>
        ))}
      </ul>
      {shown.length < rows.length && (
        <button type="button" className="link timeline-more" onClick={() => setAll(true)}>
          Show all {counted(rows.length, 'finding')}
        </button>
      )}
    </section>
  );
}

/** A span of activity, at least 1.5 pixels wide; the higher the confidence, the more opaque. */
function Bar(props: {
  readonly span: Span;
  readonly range: Span;
  readonly width: number;
  readonly score: number;
}): ReactNode {
  const { span, range, width } = props;
  const scale = width / (range.to - range.from);
  return (
    <rect
      className="timeline-bar"
      x={(span.from - range.from) * scale}
      y={2}
      height={6}
      width={Math.max(1.5, (span.to - span.from) * scale)}
      rx={1}
      opacity={0.45 + 0.5 * props.score}
    />
  );
}
