import type { IngestProgress, IngestReport } from '../../src/model/ingest-report.ts';
import { Problem, problemFrom, unreachable } from '../data/request-problem.ts';

/** The progress of one file: sending, then ingesting. */
export type FileProgress =
  | { readonly stage: 'sending'; readonly bytes: number }
  | { readonly stage: 'reading'; readonly records: number };

interface Line {
  readonly progress?: IngestProgress;
  readonly report?: IngestReport;
  readonly problem?: unknown;
}

/**
 * Uploads a file. Rejects with a `Problem`, or with the signal's reason. By XMLHttpRequest: `fetch`
 * does not report upload progress.
 */
export async function sendFile(
  file: File,
  name: string,
  signal: AbortSignal,
  onProgress: (progress: FileProgress) => void,
): Promise<IngestReport> {
  signal.throwIfAborted();
  const request = new XMLHttpRequest();
  const abort = (): void => request.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await new Promise<IngestReport>((resolve, reject) => {
      request.upload.addEventListener('progress', ({ loaded }) =>
        onProgress({ stage: 'sending', bytes: loaded }),
      );
      request.addEventListener('progress', () => {
        const records = lastLine(request)?.progress?.records;
        if (records !== undefined) onProgress({ stage: 'reading', records });
      });
      request.addEventListener('load', () => {
        const { report, problem } = lastLine(request) ?? {};
        if (request.status === 200 && report !== undefined) resolve(report);
        else reject(problemFrom(problem ?? jsonOf(request.responseText), request.status, request.statusText));
      });
      request.addEventListener('error', () => void whyNot(file).then(reject));
      request.addEventListener('abort', () => reject(signal.reason as Error));
      request.open('POST', `/api/v1/ingest?name=${encodeURIComponent(name)}`);
      request.setRequestHeader('content-type', 'application/octet-stream');
      request.setRequestHeader('accept', 'application/x-ndjson');
      request.send(file);
    });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The last complete line; null if there is none. */
function lastLine({ status, responseText }: XMLHttpRequest): Line | null {
  if (status !== 200) return null;
  const end = responseText.lastIndexOf('\n');
  if (end === -1) return null;
  const json = jsonOf(responseText.slice(responseText.lastIndexOf('\n', end - 1) + 1, end));
  return typeof json === 'object' ? json : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Either the server or the file is gone; the browser does not say which. */
async function whyNot(file: File): Promise<Problem> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return unreachable();
  } catch {
    return new Problem({
      code: 'unreadable_file',
      title: 'Unreadable file',
      detail: 'The browser can’t read it: it was changed or moved meanwhile, or is not a file.',
    });
  }
}
