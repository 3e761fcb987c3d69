import { type MouseEvent, type ReactNode, memo, useMemo, useState } from 'react';
import type { MeasureName } from '../../src/model/catalog/measure-expression.ts';
import type { Cell } from '../../src/model/query/answer.ts';
import { widestOf } from '../charts/text-width.ts';
import { CHART_ROOM, useSize } from '../charts/use-size.ts';
import { useSelection, useStoreSchema } from '../data/explorer-context.ts';
import { SmallProblem } from '../parts/small-problem.tsx';
import type { Answered } from '../data/use-answer.ts';
import { type SankeyParts, useSankey } from '../data/use-sankey.ts';
import { formatAmount, formatCount, formatShare } from '../../src/view/format/numbers.ts';
import { type ChartSpec, stepsOf } from '../../src/view/chart-layout/chart-query.ts';
import { isAdditive } from '../../src/view/chart-layout/lines.ts';
import {
  type Sankey,
  type SankeyLink,
  type SankeyNode,
  sankeyOf,
} from '../../src/view/chart-layout/sankey.ts';
import type { SankeyColumn } from '../../src/view/chart-layout/sankey-questions.ts';
import { toneOf } from '../../src/view/chart-layout/tone.ts';
import { chartMeasureOf } from '../../src/view/visualization.ts';
import type { Step } from '../../src/view/filters.ts';
import { SplitValue, usePathRuns } from './path-name.tsx';
import { BAR, type SankeyPlace, sankeyPlace } from './sankey-place.ts';
import './sankey-view.css';

const HEIGHT = { least: 380, most: 760 };
const HEADS = 36;
const BELOW = 16;
/** The least room of a node and its name. */
const NODE = 19;
const NAME_PADDING = 8;
const ALL_OTHERS = 'all others';

/** Bands from each value of a split to those of the next: source → port → destination. Every level is the whole. */
export function SankeyView(props: { readonly answered: Answered<ChartSpec> }): ReactNode {
  const { spec } = props.answered;
  // Only what adds up can be a band.
  const { measure, index } = useMemo(() => chartMeasureOf(spec.view, isAdditive), [spec.view]);
  if (!isAdditive(measure)) {
    return (
      <p className="table-empty">
        A sankey needs an additive measure such as flows or bytes. Add one at the top right.
      </p>
    );
  }
  return <Asking answered={props.answered} measure={measure} at={index} />;
}

function Asking(props: {
  readonly answered: Answered<ChartSpec>;
  readonly measure: MeasureName;
  /** The measure's place in the answer. */
  readonly at: number;
}): ReactNode {
  const schema = useStoreSchema();
  const { parts, stale, error } = useSankey(props.answered, props.measure, props.at, schema.revision);
  if (error !== null) return <SmallProblem error={error} />;
  if (parts === null) return <div className="sankey stale" />;
  if (parts.total === 0) return <p className="table-empty">No flows in this time.</p>;
  return <Drawn parts={parts} measure={props.measure} stale={stale} />;
}

function Drawn(props: {
  readonly parts: SankeyParts;
  readonly measure: MeasureName;
  readonly stale: boolean;
}): ReactNode {
  const schema = useStoreSchema();
  const { select } = useSelection();
  const { parts, measure } = props;
  const { spec, columns } = parts;
  const [element, full, room] = useSize<HTMLDivElement>('sankey', CHART_ROOM);
  const width = full - 32;
  const most = Math.max(...columns.map(({ named }) => named.length + 1));
  const height = Math.max(HEIGHT.least, most * NODE, Math.min(HEIGHT.most, room - HEADS - BELOW));
  const { unit, label } = schema.measure(measure);
  const sankey = useMemo(() => sankeyOf(parts.columns, parts.pairs, parts.total, height), [parts, height]);
  const [hovered, setHovered] = useState<string | null>(null);
  const names = useNameWidths(spec, columns, sankey);
  const { x, nameAt } = useMemo(() => sankeyPlace(width, names.all, names.bare), [width, names]);
  const link = sankey.links.find((each) => each.key === hovered);

  const stepsTo = (node: SankeyNode): readonly Step[] =>
    node.rest ? [] : stepsOf({ ...spec, splits: spec.splits.slice(node.level) }, [node.value]);
  const choose = (event: MouseEvent, key: string, steps: readonly Step[]): void => {
    event.preventDefault();
    if (steps.length === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    const byKey = event.detail === 0 && event.type === 'click';
    const [px, py] = byKey ? [box.left + 30, box.top + 10] : [event.clientX, event.clientY];
    select({ key, steps, anchor: { x: px, top: py - 10, bottom: py + 10 }, byKey });
  };

  return (
    <div className={`sankey${props.stale ? ' stale' : ''}`} ref={element}>
      <div className="sankey-heads" style={{ width }}>
        {spec.splits.map((split, level) => (
          <span
            key={split.field}
            className="ellipsis"
            style={{ ...nameAt(level), textAlign: nameAt(level).left === undefined ? 'right' : 'left' }}
            title={`${schema.dimension(split.field).label}: ${countOf(columns[level])} values shown, the largest by flows`}
          >
            {schema.dimension(split.field).label} <span>{countOf(columns[level])}</span>
          </span>
        ))}
      </div>
      {width > 0 && (
        <div className="sankey-frame" style={{ width, height }}>
          <svg
            width={width}
            height={height}
            className={`tone-${toneOf(spec.view, measure) === 'ink' ? 'accent' : toneOf(spec.view, measure)}`}
            role="group"
            aria-label={`${label}: ${spec.splits.map((split) => schema.dimension(split.field).label).join(' to ')}`}
          >
            {sankey.links.map((each) => (
              <Band
                key={each.key}
                link={each}
                x0={x(each.from.level) + BAR}
                x1={x(each.to.level)}
                lit={hovered === each.key || hovered === each.from.key || hovered === each.to.key}
                dim={hovered !== null}
                onHover={setHovered}
                onChoose={(event) => choose(event, each.key, [...stepsTo(each.from), ...stepsTo(each.to)])}
              />
            ))}
            {sankey.nodes.map((node) => (
              <rect
                key={node.key}
                className={node.rest ? 'sankey-rest' : 'sankey-node'}
                x={x(node.level)}
                y={node.top}
                width={BAR}
                height={node.height}
                rx="1"
              />
            ))}
          </svg>
          {sankey.nodes.map((node) => (
            <NodeName
              key={node.key}
              node={node}
              spec={spec}
              nameAt={nameAt}
              amount={`${formatAmount(node.amount, unit)} · ${formatShare(node.amount / sankey.total)}`}
              onHover={setHovered}
              onChoose={(event) => choose(event, node.key, stepsTo(node))}
            />
          ))}
          {link !== undefined && (
            <div
              className="tip"
              role="status"
              style={{ left: (x(link.from.level) + x(link.to.level)) / 2, top: (link.y0 + link.y1) / 2 + 12 }}
            >
              <div className="tip-head">
                <Name spec={spec} node={link.from} /> → <Name spec={spec} node={link.to} />
              </div>
              <b>{formatAmount(link.amount, unit)}</b>{' '}
              <span className="soft">{formatShare(link.amount / sankey.total)}</span>
            </div>
          )}
        </div>
      )}
    </div>
  );
}

/** `12 of 3,545`: how many values a column names; of all, if it names all. */
function countOf(column: SankeyColumn | undefined): string {
  if (column === undefined) return '';
  const { named, others } = column;
  return others === 0
    ? formatCount(named.length)
    : `${formatCount(named.length)} of ${formatCount(named.length + others)}`;
}

const Band = memo(
  function Band(props: {
    readonly link: SankeyLink;
    readonly x0: number;
    readonly x1: number;
    readonly lit: boolean;
    readonly dim: boolean;
    readonly onHover: (key: string | null) => void;
    readonly onChoose: (event: MouseEvent) => void;
  }): ReactNode {
    const { link, x0, x1 } = props;
    const middle = (x0 + x1) / 2;
    return (
      <path
        className={`sankey-band${props.lit ? ' sankey-lit' : props.dim ? ' sankey-dim' : ''}${link.from.rest && link.to.rest ? ' sankey-band-rest' : ''}`}
        d={`M${x0} ${link.y0}C${middle} ${link.y0} ${middle} ${link.y1} ${x1} ${link.y1}`}
        strokeWidth={Math.max(0.6, link.breadth)}
        data-selectable=""
        onPointerEnter={() => props.onHover(link.key)}
        onPointerLeave={() => props.onHover(null)}
        onClick={props.onChoose}
        onContextMenu={props.onChoose}
      />
    );
  },
  (a, b) => a.link === b.link && a.x0 === b.x0 && a.x1 === b.x1 && a.lit === b.lit && a.dim === b.dim,
);

/** Not drawn again while the pointer moves from band to band: its click acts on the node and the view alone. */
const NodeName = memo(function NodeName(props: {
  readonly node: SankeyNode;
  readonly spec: ChartSpec;
  readonly nameAt: SankeyPlace['nameAt'];
  readonly amount: string;
  readonly onHover: (key: string | null) => void;
  readonly onChoose: (event: MouseEvent) => void;
}): ReactNode {
  const { node } = props;
  const style = { ...props.nameAt(node.level), top: node.top + node.height / 2 - 9 };
  const content = <Name spec={props.spec} node={node} />;
  if (node.rest) {
    return (
      <span className="sankey-name soft ellipsis" style={style} title={props.amount}>
        {content}
      </span>
    );
  }
  return (
    <button
      type="button"
      className={`sankey-name ellipsis${node.level === 0 ? ' sankey-first' : ''}`}
      style={style}
      title={props.amount}
      data-selectable=""
      onPointerEnter={() => props.onHover(node.key)}
      onPointerLeave={() => props.onHover(null)}
      onFocus={() => props.onHover(node.key)}
      onBlur={() => props.onHover(null)}
      onClick={props.onChoose}
      onContextMenu={props.onChoose}
    >
      {content}
    </button>
  );
}, isSameName);

function isSameName(
  a: {
    readonly node: SankeyNode;
    readonly spec: ChartSpec;
    readonly nameAt: unknown;
    readonly amount: string;
  },
  b: typeof a,
): boolean {
  return a.node === b.node && a.spec === b.spec && a.nameAt === b.nameAt && a.amount === b.amount;
}

function Name(props: {
  readonly spec: ChartSpec;
  readonly node: { readonly level: number; readonly rest: boolean; readonly value: Cell };
}): ReactNode {
  const { node } = props;
  return node.rest ? ALL_OTHERS : <SplitValue spec={props.spec} depth={node.level} value={node.value} />;
}

/** How wide the names of each level are, its head's too. */
function useNameWidths(
  spec: ChartSpec,
  columns: readonly SankeyColumn[],
  sankey: Sankey,
): { readonly all: readonly number[]; readonly bare: readonly number[] } {
  const schema = useStoreSchema();
  const runsOf = usePathRuns(spec);
  return useMemo(() => {
    const widths = (bare: boolean): readonly number[] =>
      spec.splits.map((split, level) => {
        const texts = sankey.nodes.flatMap((node) =>
          node.level !== level
            ? []
            : [
                node.rest
                  ? [{ text: ALL_OTHERS, mono: false }]
                  : runsOf([...Array(level).fill(null), node.value], level).filter(
                      (run) => !bare || !('room' in run),
                    ),
              ],
        );
        const head = [schema.dimension(split.field).label, countOf(columns[level])];
        const heads = head.map((text) => [{ text, mono: false }]);
        return Math.ceil(Math.max(widestOf(heads, 11), widestOf(texts, 12))) + NAME_PADDING;
      });
    return { all: widths(false), bare: widths(true) };
  }, [spec, columns, sankey, schema, runsOf]);
}
