import { type ReactNode, memo, useLayoutEffect, useMemo, useRef } from 'react';
import { type Heat, rowsOfHeat } from '../../src/view/chart-layout/heat.ts';
import { type HeatPlace, drawHeat } from './heat-canvas.ts';

/** Some rows of a heat map, on a canvas of their own: a canvas takes as long as it is large. */
export const HeatRows = memo(function HeatRows(props: {
  readonly heat: Heat;
  readonly place: HeatPlace;
  readonly colour: string;
  readonly from: number;
  readonly to: number;
}): ReactNode {
  const { heat, place, colour, from, to } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const rows = useMemo(() => rowsOfHeat(heat, from, to), [heat, from, to]);
  // In the frame in which the rest of the chart is drawn.
  useLayoutEffect(() => {
    if (canvas.current !== null) drawHeat(canvas.current, rows, place, colour);
  }, [rows, place, colour]);
  return (
    <canvas
      ref={canvas}
      className="heat-canvas"
      aria-hidden="true"
      style={{ top: from * place.rowHeight, width: place.width, height: (to - from) * place.rowHeight }}
    />
  );
});
