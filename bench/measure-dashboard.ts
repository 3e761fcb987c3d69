import { readyMadeDashboards } from '../src/model/dashboard/ready-made-dashboards.ts';
import type { Tile } from '../src/model/dashboard/dashboard.ts';
import type { Answer } from '../src/model/query/answer.ts';
import type { StoreSchema } from '../src/model/store-schema.ts';
import { askTile } from '../src/reports/dashboard/ask-tile.ts';
import { dashboardView, tileView } from '../src/view/dashboard-view.ts';
import { schemaOf } from '../src/view/schema.ts';
import { defaultView } from '../src/view/view.ts';
import { median } from './measure-ingest.ts';

export interface DashboardFigures {
  /** Until all tiles have their answers, worked out anew; and from what is remembered. Milliseconds, medians. */
  readonly dashboardFreshMs: number;
  readonly dashboardWarmMs: number;
  /** The same questions one after another, divided by all at once. */
  readonly dashboardAtOnceRatio: number;
}

const TILES = 12;
const ROUNDS = 5;

/** Asks what a dashboard of 12 tiles over all the logs asks, as the page does: all tiles at once. */
export async function measureDashboard(url: string): Promise<DashboardFigures> {
  const schema = schemaOf((await (await fetch(new URL('/api/v1/schema', url))).json()) as StoreSchema, []);
  const base = defaultView('Etc/UTC', { kind: 'all' });
  const view = dashboardView('?v=1&time=all', '', base, schema.vocabulary);
  const tiles = Object.values(readyMadeDashboards)
    .flatMap((dashboard) => dashboard.tiles)
    .filter((tile): tile is Extract<Tile, { readonly link: string }> => 'link' in tile)
    .slice(0, TILES);
  const ask =
    (fresh: boolean) =>
    async (query: unknown): Promise<Answer> => {
      const reply = await fetch(new URL('/api/v1/query', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(fresh ? { 'cache-control': 'no-cache' } : {}) },
        body: JSON.stringify(query),
      });
      if (!reply.ok) throw new Error(await reply.text());
      return (await reply.json()) as Answer;
    };
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  const tileOf = (tile: (typeof tiles)[number], fresh: boolean): Promise<unknown> =>
    askTile(tile, tileView(tile.link, view, base, schema.vocabulary).view, schema, ask(fresh));
  const together = (fresh: boolean): Promise<unknown> =>
    Promise.all(tiles.map((tile) => tileOf(tile, fresh)));
  const [fresh, warm, alone]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    fresh.push(await timed(() => together(true)));
    warm.push(await timed(() => together(false)));
    alone.push(
      await timed(async () => {
        for (const tile of tiles) await tileOf(tile, true);
      }),
    );
  }
  return {
    dashboardFreshMs: median(fresh),
    dashboardWarmMs: median(warm),
    dashboardAtOnceRatio: median(alone) / median(fresh),
  };
}
