import { median } from './measure-ingest.ts';
import type { BenchTarget } from './queries.ts';

export interface InvestigationFigures {
  /** Milliseconds over HTTP, of all the flows, not from a cache; medians of three. */
  readonly knocksMs: number;
  readonly explainMs: number;
}

const ROUNDS = 3;

/** Asks a server who knocks, and what the rejected flows to the story's target have in common. */
export async function measureInvestigation(
  url: string,
  { address }: Pick<BenchTarget, 'address'>,
): Promise<InvestigationFigures> {
  const knocks: number[] = [];
  const explain: number[] = [];
  const selection = [
    { field: 'action', in: ['REJECT'] },
    { field: 'dstaddr', in: [address] },
  ];
  for (let round = 0; round < ROUNDS; round++) {
    knocks.push(await timed(new URL('/api/v1/knocks', url), {}));
    explain.push(
      await timed(new URL('/api/v1/explain', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ selection }),
      }),
    );
  }
  return { knocksMs: median(knocks), explainMs: median(explain) };
}

async function timed(url: URL, init: RequestInit): Promise<number> {
  const began = performance.now();
  const reply = await fetch(url, { ...init, headers: { ...init.headers, 'cache-control': 'no-cache' } });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${url.pathname}: ${text}`);
  return performance.now() - began;
}
