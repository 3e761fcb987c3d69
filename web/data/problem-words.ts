import { Problem } from './request-problem.ts';

/** An error as a sentence for users, without names of keys, codes or fields of the API. */
export function problemWords(error: Error): string {
  if (!(error instanceof Problem)) return 'Something went wrong on this page. Reload it to continue.';
  const { code, status } = error;
  return own[code] ?? byStatus(status);
}

/** Why a query of the page is invalid; `questionFault` names the part. */
const ASKED = 'Part of the query is not valid.';

const own: Readonly<Record<string, string>> = {
  unreachable: 'Is “peephole serve” still running? The page asks again once it answers.',
  part_missing:
    'The server can’t be reached, or it is another version now. Once it is back, reload the page to continue.',
  bad_query: ASKED,
  impossible_query: ASKED,
  usage: ASKED,
  timeout:
    'The query took longer than this server’s time limit. Choose a shorter time range or fewer splits.',
  out_of_memory:
    'The query needs more memory than this server’s limit. Choose a shorter time range or fewer splits.',
  too_large: 'The query is too large for the server. Remove some filters or values.',
  engine_unreachable:
    'It holds the flows, and can’t be reached, or not all of them in it. “Sources” says how it is. Try again once it is back.',
  engine_refused: 'It refuses the user or the password that this server was started with.',
  store_busy: 'The store is busy. Try again in a moment.',
  cancelled: 'It was cancelled. Try again.',
  unauthorized:
    'This server requires its token. Reload the page and give it as the password, with any user name.',
  forbidden:
    'This server does not accept requests from this address. Open the address that it printed when it started.',
  disk_full: 'The disk of the server is full.',
  store_damaged:
    'The store can’t be read. The server’s log says more; “peephole doctor” looks for the cause.',
  store_version: 'The store was made by another version of Peephole.',
  not_found: 'Not found on the server. It may be another version now: reload the page.',
};

function byStatus(status: number): string {
  if (status === 429 || status === 503) return 'The server is busy. Try again in a moment.';
  if (status >= 400 && status < 500) return ASKED;
  return 'The server failed. Its log says more.';
}

/** The title of the message. */
export function problemTitle(error: Error): string {
  if (!(error instanceof Problem)) return 'Something went wrong on this page';
  return titles[error.code] ?? error.title;
}

const titles: Readonly<Record<string, string>> = {
  bad_query: 'Invalid query',
  impossible_query: 'Invalid query',
  usage: 'Invalid query',
  timeout: 'Time limit exceeded',
  internal: 'The server failed',
  engine_failed: 'The server failed',
  engine_unreachable: 'The database does not answer',
  engine_refused: 'The database refuses',
  not_supported: 'This database can’t do that',
};
