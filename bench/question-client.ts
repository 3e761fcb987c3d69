import { Agent, request } from 'node:http';

/** A connection to a server that is kept, for questions one after the other. */
export class QuestionClient {
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(url: string) {
    this.#url = new URL('/api/v1/query', url);
  }

  /**
   * The text of an answer, without the cache of answers. By `node:http`: `fetch` takes a processor for up to a
   * millisecond more, which would count as the server's. Throws the text of a refusal.
   */
  ask(query: object): Promise<string> {
    const body = JSON.stringify(query);
    return new Promise((resolve, reject) => {
      const asked = request(
        this.#url,
        {
          agent: this.#agent,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            'cache-control': 'no-cache',
          },
        },
        (reply) => {
          let text = '';
          reply.setEncoding('utf8');
          reply.on('data', (piece: string) => (text += piece));
          reply.on('error', reject);
          reply.on('end', () => (reply.statusCode === 200 ? resolve(text) : reject(new Error(text))));
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
