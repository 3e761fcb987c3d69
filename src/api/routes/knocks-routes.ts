import type { FastifyInstance } from 'fastify';
import { PeepholeError } from '../../model/errors.ts';
import type { Knocks } from '../../model/knocks/knocks.ts';
import { htmlReport } from '../../report/html-report.ts';
import { ocsfFindings } from '../../report/ocsf-findings.ts';
import { version } from '../../system/version.ts';
import { questionProblems } from '../schemas/answers-schemas.ts';
import { ref } from '../schemas/named-schemas.ts';
import { knocksSchema } from '../schemas/knocks-schemas.ts';
import { timeOfParameters } from '../time-parameters.ts';
import { callOptions } from '../call-options.ts';
import type { QueryRoutes } from './query-routes.ts';

const formats = ['json', 'html', 'ocsf'] as const;
type Format = (typeof formats)[number];

function isFormat(text: unknown): text is Format {
  return formats.some((one) => one === text);
}

/**
 * The investigation: `?last=P7D`, `?from=T&to=T`, or all data.
 * @param settings as of `parseKnocksSettings`, the same for everybody who asks at a moment
 */
export function knocksRoutes(app: FastifyInstance, { service }: QueryRoutes, settings: () => unknown): void {
  app.get(
    '/api/v1/knocks',
    {
      schema: {
        description:
          'Either last, which counts back from the newest flow, or from and to (exclusive); none: all data.',
        summary:
          'Who is knocking: named targets, counted and timed strangers, with evidence and the next step',
        querystring: {
          type: 'object',
          properties: {
            last: ref('Duration'),
            from: ref('Instant'),
            to: ref('Instant'),
            format: {
              type: 'string',
              enum: [...formats],
              description:
                'html: one file that can be mailed, as a download; ocsf: JSON lines, a Detection Finding of OCSF 1.3.0 each',
            },
          },
          additionalProperties: false,
        },
        response: {
          200: {
            description: 'The findings',
            content: {
              'application/json': { schema: knocksSchema },
              'text/html': { schema: { type: 'string' } },
              'application/x-ndjson': { schema: { type: 'string' } },
            },
          },
          ...questionProblems,
        },
      },
    },
    async (request, reply) => {
      const { format, time } = asked(request.query);
      const fresh = request.headers['cache-control'] === 'no-cache';
      const knocks = await service.knocks(time, {
        ...callOptions(request, reply),
        fresh,
        settings: settings(),
      });
      if (format === 'json') return knocks;
      if (format === 'ocsf')
        return reply
          .type('application/x-ndjson; charset=utf-8')
          .serializer((lines: string) => lines)
          .send(ocsfFindings(knocks, version, Date.now()));
      return reply
        .type('text/html; charset=utf-8')
        .header('content-disposition', `attachment; filename="${fileName(knocks)}"`)
        .serializer((html: string) => html)
        .send(htmlReport(knocks));
    },
  );
}

/** The time of a query, and the format of the answer, from a query string. */
function asked(query: unknown): { readonly format: Format; readonly time: unknown } {
  const { format = 'json', ...given } = query as Readonly<Record<string, unknown>>;
  if (!isFormat(format)) throw new PeepholeError('bad_query', `format must be one of ${formats.join(', ')}.`);
  for (const name of Object.keys(given)) {
    if (!['last', 'from', 'to'].includes(name))
      throw new PeepholeError('bad_query', `There is no parameter ${name}: give last, or from and to.`);
  }
  return { format, time: timeOfParameters(given) };
}

/** `knocks-2018-06-20-to-2018-06-27.html`. */
function fileName({ range }: Knocks): string {
  const days = range === null ? '' : `-${range.from.slice(0, 10)}-to-${range.to.slice(0, 10)}`;
  return `knocks${days}.html`;
}
