import { problemOf, unreachable } from './request-problem.ts';

/** Reads JSON from the server that served the page. Rejects with a `Problem`, or with the signal's reason. */
export async function getJson<Body>(path: string, signal: AbortSignal): Promise<Body> {
  return request<Body>(path, { signal });
}

/** Sends JSON; aborting cancels the work in the engine too. */
export async function postJson<Body>(path: string, body: unknown, signal: AbortSignal): Promise<Body> {
  const headers = { 'content-type': 'application/json' };
  return request<Body>(path, { method: 'POST', headers, body: JSON.stringify(body), signal });
}

/** Puts JSON in the place of what is there. */
export async function putJson<Body>(path: string, body: unknown, signal: AbortSignal): Promise<Body> {
  const headers = { 'content-type': 'application/json' };
  return request<Body>(path, { method: 'PUT', headers, body: JSON.stringify(body), signal });
}

async function request<Body>(path: string, init: RequestInit & { signal: AbortSignal }): Promise<Body> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (init.signal.aborted) throw error;
    throw unreachable();
  }
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Body;
}
