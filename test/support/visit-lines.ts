/** A visit as a listener writes it, and how to make one: the test's own route, which shares nothing with the listener. */
export interface PlantedVisit {
  readonly listener: string;
  readonly number: number;
  /** Unix milliseconds. */
  readonly at: number;
  readonly source: string;
  readonly port?: number;
  readonly http?: {
    readonly method: string;
    readonly path: string;
    readonly host: string;
    readonly agent: string;
  };
}

/** A line of a file of visits, with its line feed. */
export function visitLine({ listener, number, at, source, port = 80, http }: PlantedVisit): string {
  const head = http === undefined ? '' : `${http.method} ${http.path} HTTP/1.1`;
  return `${JSON.stringify({
    id: `${listener}-${number}`,
    at: new Date(at).toISOString(),
    protocol: 'tcp',
    source: { address: source, port: 40_000 + (number % 20_000) },
    target: { address: '10.0.1.7', port },
    kind: http === undefined ? 'silent' : 'http',
    ...(http === undefined
      ? {}
      : {
          http: {
            method: http.method,
            path: http.path,
            version: 'HTTP/1.1',
            host: http.host,
            user_agent: http.agent,
            headers: [
              ['Host', http.host],
              ['User-Agent', http.agent],
            ],
            body: '',
          },
        }),
    bytes: head.length,
    sent: 0,
    preview: head,
    truncated: false,
    duration: 12,
    ended: 'peer_closed',
  })}\n`;
}

/** The name of a listener's file. */
export function visitFile(listener: string, number = 1): string {
  return `visits-${listener}-${String(number).padStart(6, '0')}.jsonl`;
}
