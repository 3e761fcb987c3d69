import type { PageFigures } from './measure-page.ts';

/** What was measured of the page: of each kind of gesture the slowest one's median and the longest of all, in milliseconds. */
export function pageFigures({
  scriptBytes,
  heatMapFps,
  linesFps,
  feel,
}: PageFigures): Readonly<Record<string, number>> {
  const kinds = [...new Set(feel.map(({ kind }) => kind))];
  const every = feel.flatMap(({ each }) => each).toSorted((a, b) => a - b);
  return {
    page_script_kb: scriptBytes / 1000,
    ...(heatMapFps === null ? {} : { page_heat_map_fps: heatMapFps }),
    ...(linesFps === null ? {} : { page_lines_fps: linesFps }),
    ...(every.length === 0 ? {} : { page_p95_ms: every[Math.ceil(0.95 * every.length) - 1] ?? 0 }),
    ...Object.fromEntries(
      kinds.flatMap((kind) => {
        const name = `page_${kind.replaceAll(' ', '_')}`;
        const own = feel.filter((one) => one.kind === kind);
        return [
          [`${name}_p50_ms`, Math.max(...own.map(({ p50 }) => p50))],
          [`${name}_max_ms`, Math.max(...own.map(({ max }) => max))],
        ];
      }),
    ),
  };
}
