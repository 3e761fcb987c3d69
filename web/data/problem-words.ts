import { Problem } from './problem.ts';

/** What went wrong, in a sentence for the page: no name of a key, a code or a field as programs call them. */
export function problemWords(error: Error): string {
  if (!(error instanceof Problem)) return 'Something went wrong in this page. Reload it to go on.';
  const { code, status } = error;
  return own[code] ?? byStatus(status);
}

/** Why a question of the page can't be asked; the place that is meant is told by `questionFault`. */
const ASKED = 'A part of what is asked can’t be understood.';

const own: Readonly<Record<string, string>> = {
  unreachable: 'Is “peephole serve” still running? The page tries again when you do.',
  bad_query: ASKED,
  impossible_query: ASKED,
  usage: ASKED,
  timeout: 'It took longer than this server gives a question. Ask for a shorter time, or for fewer splits.',
  out_of_memory:
    'It needs more memory than this server may use. Ask for a shorter time, or for fewer splits.',
  too_large: 'What is asked is longer than the server reads. Take some filters or values away.',
  store_busy: 'The store is busy with something else. Try again in a moment.',
  cancelled: 'It was cancelled. Try again.',
  unauthorized: 'This server asks for its token. Open the page by the link that it showed when it started.',
  forbidden:
    'This server does not answer this page. Open it by the address that the server showed when it started.',
  disk_full: 'The disk of the server is full.',
  store_damaged:
    'The store can’t be read. The server’s log says more; “peephole doctor” looks for the cause.',
  store_version: 'The store was made by another version of Peephole.',
  not_found: 'The server has no such thing. Was it replaced by another version? Reload the page.',
};

function byStatus(status: number): string {
  if (status === 429 || status === 503) return 'The server has much to do. Try again in a moment.';
  if (status >= 400 && status < 500) return ASKED;
  return 'The server failed at this. Its log says more.';
}

/** The head of it. */
export function problemTitle(error: Error): string {
  if (!(error instanceof Problem)) return 'Something went wrong in this page';
  return titles[error.code] ?? error.title;
}

const titles: Readonly<Record<string, string>> = {
  bad_query: 'This can’t be asked',
  impossible_query: 'This can’t be asked',
  usage: 'This can’t be asked',
  timeout: 'It took too long',
  internal: 'The server failed',
  engine_failed: 'The server failed',
};
