import type { FlowWriter } from '../engine/flow-writer.ts';
import type { RetentionReport } from '../engine/retention-request.ts';
import type { DecodedPart } from '../model/record/decoded-part.ts';
import type { RecordBatch } from '../model/record/record-batch.ts';
import { rowsSince } from '../model/record/rows-since.ts';

/** A key that no source has: names of sources begin with their kind and a colon. */
const KEPT_UNDER = 'retention';

/** Unix seconds: what started before them was deleted. */
export interface RetentionCut {
  readonly flows: number;
  readonly coverage: number;
}

/** Up to where retention has deleted what the store had; 0: nothing. */
export async function retentionCut(store: FlowWriter): Promise<RetentionCut> {
  const kept = await store.sources.positions(KEPT_UNDER);
  return { flows: Number(kept.get('flows') ?? 0), coverage: Number(kept.get('coverage') ?? 0) };
}

/** Keeps in the store what a retention deleted, so that objects which change later don't bring it back. */
export async function saveRetentionCut(store: FlowWriter, report: RetentionReport): Promise<void> {
  const before = await retentionCut(store);
  const coverage = Math.max(before.coverage, secondOf(report.cut));
  const flows = Math.max(before.flows, coverage, secondOf(report.flows_from));
  if (flows === before.flows && coverage === before.coverage) return;
  const positions = new Map([
    ['flows', String(flows)],
    ['coverage', String(coverage)],
  ]);
  await store.write(async ({ sources }) => sources.savePositions(KEPT_UNDER, positions));
}

/** What of a part retention would have kept. */
export function partSince(part: DecodedPart, cut: RetentionCut): DecodedPart {
  const flows = rowsSince(part.flows, cut.flows);
  const coverage = rowsSince(part.coverage, cut.coverage);
  if (coverage === part.coverage) return { ...part, flows };
  const nodata = countOf(coverage, 'NODATA');
  return { ...part, flows, coverage, nodata, skipdata: coverage.rows - nodata };
}

function countOf({ rows, columns, texts }: RecordBatch, status: string): number {
  const column = columns.find(({ field }) => field === 'log_status');
  if (column?.kind !== 'text') return 0;
  return column.codes.subarray(0, rows).reduce((sum, code) => sum + (texts[code] === status ? 1 : 0), 0);
}

function secondOf(time: string | null): number {
  return time === null ? 0 : Math.floor(Date.parse(time) / 1000);
}
