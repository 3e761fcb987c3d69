/** What went wrong with a request: RFC 9457 problem JSON, or our own words where there was none. */
export class Problem extends Error {
  readonly code: string;
  readonly title: string;
  readonly status: number;
  /** The part of the query that is meant, as a path. */
  readonly path: string | null;
  readonly allowed: readonly string[];

  /** What is wrong, without the path that it may begin with. */
  get words(): string {
    const lead = `${this.path ?? ''}: `;
    const words =
      this.path !== null && this.message.startsWith(lead) ? this.message.slice(lead.length) : this.message;
    return words.charAt(0).toUpperCase() + words.slice(1);
  }

  constructor(fields: {
    readonly code: string;
    readonly title: string;
    readonly detail: string;
    readonly status?: number;
    readonly path?: string | null;
    readonly allowed?: readonly string[];
  }) {
    super(fields.detail);
    this.name = 'Problem';
    this.code = fields.code;
    this.title = fields.title;
    this.status = fields.status ?? 0;
    this.path = fields.path ?? null;
    this.allowed = fields.allowed ?? [];
  }
}

/** Whether it is what was asked that is at fault, and not the one who answers. */
export function isAsked(error: Error): boolean {
  return error instanceof Problem && error.status >= 400 && error.status < 500;
}

/** Makes a problem of an answer that is not OK. */
export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const fields = isRecord(body) ? body : {};
  return new Problem({
    code: text(fields['code']) ?? `http_${response.status}`,
    title: text(fields['title']) ?? 'The server could not answer',
    detail: text(fields['detail']) ?? `It said ${response.status} ${response.statusText}.`.trim(),
    status: response.status,
    path: text(fields['path']),
    allowed: Array.isArray(fields['allowed'])
      ? fields['allowed'].filter((each) => typeof each === 'string')
      : [],
  });
}

/** No answer at all. */
export function unreachable(): Problem {
  return new Problem({
    code: 'unreachable',
    title: 'Peephole does not answer',
    detail: 'Is “peephole serve” still running? The page tries again when you do.',
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
