import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { PeepholeError } from '../model/errors.ts';
import { URGENCY_HEADER, type Urgency, VIEWER_HEADER, urgencies } from '../model/query/urgency.ts';
import type { CallOptions } from '../service/store-service.ts';
import { goneSignal } from './gone-signal.ts';

/** The headers that say how urgent a question is, and which page asks it. */
export const turnHeaders = Type.Object({
  [URGENCY_HEADER]: Type.Optional(
    Type.Union(
      urgencies.map((each) => Type.Literal(each)),
      {
        description:
          'How urgently the answer is waited for. `list` and `count` are worked out only while nobody waits for anything. Absent: as a `chart`.',
      },
    ),
  ),
  [VIEWER_HEADER]: Type.Optional(
    Type.String({
      maxLength: 64,
      description: 'Tells the pages of one machine apart: who asks takes turns with others.',
    }),
  ),
});

/**
 * The options of a request's call to the service: it is aborted with its connection, and is scheduled fairly among
 * clients. Throws `usage` for an unknown urgency.
 */
export function callOptions(
  request: FastifyRequest,
  reply: FastifyReply,
): CallOptions & { readonly signal: AbortSignal } {
  const { headers } = request;
  const urgency = urgencyOf(headers[URGENCY_HEADER]);
  const viewer = String(headers[VIEWER_HEADER] ?? '').slice(0, 64);
  return {
    signal: goneSignal(reply),
    client: `${request.ip} ${(headers['user-agent'] ?? '').slice(0, 200)} ${viewer}`,
    ...(urgency === null ? {} : { urgency }),
  };
}

function urgencyOf(header: string | readonly string[] | undefined): Urgency | null {
  if (header === undefined) return null;
  const urgency = urgencies.find((each) => each === header);
  if (urgency !== undefined) return urgency;
  throw new PeepholeError('usage', `The header ${URGENCY_HEADER} must be one of ${urgencies.join(', ')}.`, {
    allowed: urgencies,
  });
}
