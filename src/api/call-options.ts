import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallOptions } from '../service/store-service.ts';
import { goneSignal } from './gone-signal.ts';

/** What a request's call to the service is made with: it ends with its connection, and takes turns with other clients'. */
export function callOptions(
  request: FastifyRequest,
  reply: FastifyReply,
): CallOptions & { readonly signal: AbortSignal } {
  return {
    signal: goneSignal(reply),
    client: `${request.ip} ${request.headers['user-agent'] ?? ''}`.slice(0, 200),
  };
}
