import type { StoreService } from '../../src/service/store-service.ts';

/** A service whose calls are all answered by a function: what others do with it is what is tested then. */
export function serviceOf(
  answer: (method: string, asked: unknown, signal?: AbortSignal) => Promise<unknown>,
): StoreService {
  const call =
    (method: string) =>
    (asked?: unknown, options?: { readonly signal?: AbortSignal }): Promise<unknown> =>
      answer(method, asked, options?.signal);
  return new Proxy({}, { get: (_, method) => call(String(method)) }) as StoreService;
}
