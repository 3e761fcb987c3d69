import type { Visit } from './visit.ts';

/** What visitors of one kind ask for. Texts are theirs: hostile. Empty: they said none. */
export interface VisitWant {
  readonly kind: Visit['kind'];
  /** The machine that they believe to talk to, in lower case and without a port: HTTP's `Host`, TLS's server name. */
  readonly host: string;
  /** In short: `POST /v1/ingest` of HTTP, without what follows a question mark; `PING` of Redis. */
  readonly request: string;
  /** What the client says it is: HTTP's `User-Agent`, the version of an SSH client. */
  readonly agent: string;
}

/** Characters that are kept of each text. */
const MOST_CHARACTERS = 300;
/** Names of details that say what is asked for, the first that is there. */
const requests = [
  'command',
  'method',
  'query',
  'operation',
  'name',
  'oid',
  'topic',
  'user',
  'database',
] as const;
const agents = ['user_agent', 'version', 'client', 'software'] as const;

/** What a visit asks for: visits that are alike in it are one group. */
export function wantOf({ kind, http, tls, details }: Visit): VisitWant {
  const first = (names: readonly string[]): string => {
    const name = names.find((each) => (details?.[each] ?? '') !== '');
    return name === undefined ? '' : (details?.[name] ?? '');
  };
  const request =
    http === undefined ? first(requests) : `${http.method} ${http.path.split('?', 1)[0] ?? ''}`.trim();
  return {
    kind,
    host: cut(hostName(http?.host || tls?.server_name || '')),
    request: cut(request),
    agent: cut(http?.user_agent ?? first(agents)),
  };
}

/** What is asked for, in short: `POST /v1/ingest`; for other protocols, with the protocol's name. */
export function requestText({ kind, request }: Pick<VisitWant, 'kind' | 'request'>): string {
  if (request === '') return kind;
  return kind === 'http' ? request : `${kind} ${request}`;
}

/** `Example.com:8080` -> `example.com`, `[::1]:80` -> `::1`. */
function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host)?.[1];
  if (bracketed !== undefined) return bracketed.toLowerCase();
  const name = host.split(':').length > 2 ? host : host.replace(/:[0-9]*$/, '');
  return name.toLowerCase().replace(/\.$/, '');
}

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
