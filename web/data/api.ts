import { URGENCY_HEADER, type Urgency, VIEWER_HEADER } from '../../src/model/query/urgency.ts';
import { problemOf, unreachable } from './request-problem.ts';

/** Reads JSON from the server that served the page. Rejects with a `Problem`, or with the signal's reason. */
export async function getJson<Body>(path: string, signal: AbortSignal): Promise<Body> {
  return request<Body>(path, { signal });
}

/** As `getJson`, of a server that says nothing for so many milliseconds too: it counts as not to be reached. */
export async function getJsonWithin<Body>(
  path: string,
  signal: AbortSignal,
  milliseconds: number,
): Promise<Body> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), milliseconds);
  try {
    return await getJson<Body>(path, AbortSignal.any([signal, limit.signal]));
  } catch (error) {
    throw limit.signal.aborted && !signal.aborted ? unreachable() : error;
  } finally {
    clearTimeout(timer);
  }
}

/** An id of this page, so that the server can schedule its requests fairly among pages. */
const viewer = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) =>
  byte.toString(16).padStart(2, '0'),
).join('');

/** Sends JSON; aborting cancels the work in the engine too. Requests with a lower priority wait for charts of all users. */
export async function postJson<Body>(
  path: string,
  body: unknown,
  signal: AbortSignal,
  urgency: Urgency = 'chart',
): Promise<Body> {
  const headers = { 'content-type': 'application/json', [URGENCY_HEADER]: urgency, [VIEWER_HEADER]: viewer };
  return request<Body>(path, { method: 'POST', headers, body: JSON.stringify(body), signal });
}

/** Sends JSON by PUT. */
export async function putJson<Body>(path: string, body: unknown, signal: AbortSignal): Promise<Body> {
  const headers = { 'content-type': 'application/json' };
  return request<Body>(path, { method: 'PUT', headers, body: JSON.stringify(body), signal });
}

/**
 * Replaces the version of a document that was read (null: there must be none yet). Rejects with a `Problem` of
 * the code `other_version` if somebody else changed it meanwhile.
 */
export async function putDocument<Body>(path: string, version: number | null, body: unknown): Promise<Body> {
  const response = await send(path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...precondition(version) },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Body;
}

/** Deletes a document in the version that was read (null: whatever there is). Rejects as `putDocument`. */
export async function deleteDocument(path: string, version: number | null): Promise<void> {
  await send(path, { method: 'DELETE', headers: version === null ? {} : precondition(version) });
}

/** Sends JSON (null: no body) and expects no content. */
export async function postEmpty(path: string, body: unknown): Promise<void> {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  await send(path, { method: 'POST', ...(body === null ? {} : json) });
}

function precondition(version: number | null): Readonly<Record<string, string>> {
  return version === null ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` };
}

async function request<Body>(path: string, init: RequestInit & { signal: AbortSignal }): Promise<Body> {
  return (await (await send(path, init)).json()) as Body;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw unreachable();
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}
