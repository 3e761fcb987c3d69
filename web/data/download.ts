import { problemOf, unreachable } from './request-problem.ts';

/** Starts a download in the browser. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has started the download by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export type ExportFormat = 'csv' | 'tsv' | 'json' | 'parquet';

/** A result as a file from the server; `cut`: the row limit of the engine truncated it. */
export async function downloadResult(
  query: Readonly<Record<string, unknown>>,
  format: ExportFormat,
  rows: 'answer' | 'flows',
  signal: AbortSignal,
): Promise<{ readonly content: Blob; readonly cut: boolean }> {
  const path = `/api/v1/export?format=${format}&rows=${rows}`;
  const headers = { 'content-type': 'application/json' };
  let response: Response;
  try {
    response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(query), signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw unreachable();
  }
  if (!response.ok) throw await problemOf(response);
  return { content: await response.blob(), cut: response.headers.get('peephole-truncated') === 'true' };
}
