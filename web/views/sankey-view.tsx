import { type MouseEvent, type ReactNode, memo, useMemo, useState } from 'react';
import type { Cell } from '../../src/model/query/answer.ts';
import { useSize } from '../charts/use-size.ts';
import { useSelection, useStoreSchema } from '../data/explorer-context.ts';
import type { Answered } from '../data/use-answer.ts';
import { formatAmount, formatShare } from '../format/numbers.ts';
import { type Asked, stepsOf } from '../picture/asked.ts';
import { isAdditive } from '../picture/lines.ts';
import { type SankeyLink, type SankeyNode, sankeyOf } from '../picture/sankey.ts';
import { toneOf } from '../picture/tone.ts';
import { drawnOf } from '../state/visualization.ts';
import type { Step } from '../state/filters.ts';
import { SplitValue } from './path-name.tsx';
import './sankey-view.css';

const HEIGHT = 520;
const BAR = 9;
const LABEL = 150;

/** Bands from each value of a split to those of the next: source → port → destination. Every level is the whole. */
export function SankeyView(props: { readonly answered: Answered<Asked> }): ReactNode {
  const schema = useStoreSchema();
  const { select } = useSelection();
  const { asked, answer } = props.answered;
  const [element, full] = useSize<HTMLDivElement>();
  const width = full - 32;
  // Only what adds up can be a band.
  const { measure, index } = useMemo(() => drawnOf(asked.view, isAdditive), [asked.view]);
  const { unit, label } = schema.measure(measure);
  const adds = isAdditive(measure);
  const sankey = useMemo(() => sankeyOf(answer, index, HEIGHT), [answer, index]);
  const [hovered, setHovered] = useState<string | null>(null);
  const levels = asked.splits.length;
  const x = (level: number): number => LABEL + (level * (width - 2 * LABEL - BAR)) / Math.max(1, levels - 1);
  const link = sankey.links.find((each) => each.key === hovered);

  const stepsTo = (node: SankeyNode): readonly Step[] =>
    node.rest ? [] : stepsOf({ ...asked, splits: asked.splits.slice(node.level) }, [node.value]);
  const choose = (event: MouseEvent, key: string, steps: readonly Step[]): void => {
    event.preventDefault();
    if (steps.length === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    const byKey = event.detail === 0 && event.type === 'click';
    const [px, py] = byKey ? [box.left + 30, box.top + 10] : [event.clientX, event.clientY];
    select({ key, steps, anchor: { x: px, top: py - 10, bottom: py + 10 }, byKey });
  };

  if (!adds) {
    return (
      <p className="table-empty">
        Bands need a measure that adds up, such as flows or bytes. Add one at the top right.
      </p>
    );
  }
  if (sankey.total === 0) return <p className="table-empty">No flows in this time.</p>;
  return (
    <div className="sankey" ref={element}>
      <div className="sankey-heads" style={{ width }}>
        {asked.splits.map((split, level) => (
          <span
            key={split.field}
            className={level === levels - 1 ? 'sankey-head-end' : undefined}
            style={level === levels - 1 ? { right: LABEL } : { left: x(level) + (level === 0 ? 0 : BAR + 6) }}
          >
            {schema.dimension(split.field).label}
          </span>
        ))}
      </div>
      {width > 0 && (
        <div className="sankey-frame" style={{ width, height: HEIGHT }}>
          <svg
            width={width}
            height={HEIGHT}
            className={`tone-${toneOf(asked.view, measure) === 'ink' ? 'accent' : toneOf(asked.view, measure)}`}
            role="group"
            aria-label={`${label}: ${asked.splits.map((split) => schema.dimension(split.field).label).join(' to ')}`}
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
              asked={asked}
              place={nameplace(node, levels, x(node.level), width)}
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
                <Name asked={asked} node={link.from} /> → <Name asked={asked} node={link.to} />
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

function NodeName(props: {
  readonly node: SankeyNode;
  readonly asked: Asked;
  readonly place: { readonly left?: number; readonly right?: number };
  readonly amount: string;
  readonly onHover: (key: string | null) => void;
  readonly onChoose: (event: MouseEvent) => void;
}): ReactNode {
  const { node } = props;
  const style = { ...props.place, top: node.top + node.height / 2 - 9, maxWidth: LABEL - 8 };
  const content = <Name asked={props.asked} node={node} />;
  if (node.rest) {
    return (
      <span className="sankey-name soft" style={style} title={props.amount}>
        {content}
      </span>
    );
  }
  return (
    <button
      type="button"
      className="sankey-name ellipsis"
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
}

function Name(props: {
  readonly asked: Asked;
  readonly node: { readonly level: number; readonly rest: boolean; readonly value: Cell };
}): ReactNode {
  const { node } = props;
  return node.rest ? 'all others' : <SplitValue asked={props.asked} depth={node.level} value={node.value} />;
}

/** The first level's names stand left of their bars, the others right. */
function nameplace(
  node: SankeyNode,
  levels: number,
  x: number,
  width: number,
): { readonly left?: number; readonly right?: number } {
  return node.level === 0 && levels > 1 ? { right: width - x + 6 } : { left: x + BAR + 6 };
}
