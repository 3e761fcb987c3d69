import type { Cell } from '../model/query/answer.ts';
import type { Door } from '../model/visits/door.ts';
import type { ExportColumn, ExportTable } from './table.ts';

type Listed = Door['visits'][number];

const columns: readonly (ExportColumn & { readonly of: (visit: Listed) => Cell })[] = [
  { name: 'at', type: 'time', of: ({ at }) => at },
  { name: 'id', type: 'text', of: ({ id }) => id },
  { name: 'protocol', type: 'text', of: ({ protocol }) => protocol },
  { name: 'source', type: 'text', of: ({ source }) => source.address },
  { name: 'source_port', type: 'integer', of: ({ source }) => source.port },
  { name: 'target', type: 'text', of: ({ target }) => target.address },
  { name: 'port', type: 'integer', of: ({ port }) => port },
  { name: 'kind', type: 'text', of: ({ kind }) => kind },
  { name: 'method', type: 'text', of: ({ http }) => http?.method ?? null },
  { name: 'path', type: 'text', of: ({ http }) => http?.path ?? null },
  { name: 'host', type: 'text', of: ({ http }) => http?.host ?? null },
  { name: 'user_agent', type: 'text', of: ({ http }) => http?.user_agent ?? null },
  { name: 'server_name', type: 'text', of: ({ tls }) => tls?.server_name ?? null },
  { name: 'ja4', type: 'text', of: ({ tls }) => tls?.ja4 ?? null },
  {
    name: 'details',
    type: 'text',
    of: ({ details }) => (details === undefined ? null : JSON.stringify(details)),
  },
  { name: 'bytes', type: 'integer', of: ({ bytes }) => bytes },
  { name: 'sent', type: 'integer', of: ({ sent }) => sent },
  { name: 'duration_ms', type: 'integer', of: ({ duration }) => duration },
  { name: 'ended', type: 'text', of: ({ ended }) => ended },
  { name: 'preview', type: 'text', of: ({ preview }) => preview },
];

/** Visits as rows, the latest first. */
export function visitTable({ visits }: Pick<Door, 'visits'>): ExportTable {
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    chunks: (async function* () {
      yield visits.map((visit) => columns.map(({ of }) => of(visit)));
    })(),
  };
}
