import { version } from '../../system/version.ts';

/** Milliseconds that a receiver has to answer. */
const PATIENCE = 30_000;

/** Sends a body, and resolves if the receiver answers 2xx. Follows no redirect: secrets are for the address that was configured. */
export async function postBody(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { 'content-type': 'application/json', 'user-agent': `peephole/${version}`, ...headers },
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
  });
  // The response is not read: it may be endless.
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answered ${response.status} ${response.statusText}`.trim());
}
