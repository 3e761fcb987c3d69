import { type API, type Base, type Connection, ResponseError, kGetApi } from '@platformatic/kafka';

/** A call of the protocol, as the client makes it: its arguments, and a callback at their end. */
type Call = (connection: Connection, ...args: unknown[]) => void;

/**
 * Lets a client take what a broker says of a topic of which a partition has no leader (LEADER_NOT_AVAILABLE): by itself it
 * throws all of the answer away, and nothing of the topic could be read. Errors of a whole topic stay errors. Such a
 * partition has the leader -1.
 */
export function takePartialMetadata(client: Base): void {
  const getApi = client[kGetApi].bind(client);
  client[kGetApi] = <Request extends unknown[], Answer>(
    name: string,
    callback: (error: Error | null, api?: API<Request, Answer>) => void,
  ): void =>
    getApi<Request, Answer>(name, (error, api) =>
      callback(error, api !== undefined && name === 'Metadata' ? withPartialAnswers(api) : api),
    );
}

function withPartialAnswers<Request extends unknown[], Answer>(
  api: API<Request, Answer>,
): API<Request, Answer> {
  const call: Call = (connection, ...args) => {
    const callback = args.pop() as (error: Error | null, answer?: unknown) => void;
    (api as unknown as Call)(connection, ...args, (error: Error | null, answer?: unknown) => {
      const partial = partialAnswer(error);
      if (partial === undefined) callback(error, answer);
      else callback(null, partial);
    });
  };
  return Object.assign(call, { async: api.async, key: api.key, version: api.version }) as API<
    Request,
    Answer
  >;
}

/** What was answered beside errors of single partitions; undefined: it is another error, or none. */
export function partialAnswer(error: unknown): unknown {
  if (!(error instanceof ResponseError)) return undefined;
  const { errors, response } = error as ResponseError & { readonly response?: unknown };
  return errors.every(({ path }: { readonly path?: unknown }) => /\/partitions\/\d+$/.test(String(path)))
    ? response
    : undefined;
}
