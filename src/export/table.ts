import type { Cell } from '../model/query/answer.ts';

export interface ExportColumn {
  readonly name: string;
  /** `integer` and `number` may come as text where they are beyond 2^53. */
  readonly type: 'text' | 'integer' | 'number' | 'time' | 'boolean';
}

/** Rows to export, a chunk at a time, so that a writer never holds all of them as text. */
export interface ExportTable {
  readonly columns: readonly ExportColumn[];
  readonly chunks: AsyncIterable<readonly (readonly Cell[])[]>;
}

export const exportFormats = ['csv', 'tsv', 'json', 'parquet'] as const;
export type ExportFormat = (typeof exportFormats)[number];
