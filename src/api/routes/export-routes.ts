import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { PeepholeError } from '../../model/errors.ts';
import type { StoreService } from '../../service/store-service.ts';
import { answerTable } from '../../export/answer-table.ts';
import { parquetBytes } from '../../export/parquet-bytes.ts';
import { type Selection, recordsTable } from '../export/records-table.ts';
import { type ExportFormat, type ExportTable, exportFormats } from '../../export/table.ts';
import { delimitedText, jsonText } from '../../export/text-formats.ts';
import { callOptions } from '../call-options.ts';
import { questionProblems } from '../schemas/answers-schemas.ts';
import { ref } from '../schemas/named-schemas.ts';

const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  tsv: 'text/tab-separated-values; charset=utf-8',
  json: 'application/json; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

/** What is in a file. */
const contents: Readonly<Record<ExportFormat, object>> = {
  csv: { type: 'string' },
  tsv: { type: 'string' },
  json: { type: 'array', items: { type: 'object', description: 'A row, by the names of the columns' } },
  parquet: { type: 'string', format: 'binary' },
};

/** The whole result of a query, or all raw flows of its selection, as a file that is written while it is sent. */
export function exportRoute(app: FastifyInstance, { service }: { readonly service: StoreService }): void {
  app.post<{ Querystring: { readonly format?: string; readonly rows?: string } }>(
    '/api/v1/export',
    {
      schema: {
        summary: 'The result of a query as a file',
        querystring: Type.Object({
          format: Type.Enum([...exportFormats]),
          rows: Type.Optional(
            Type.Enum(['answer', 'flows'], {
              default: 'answer',
              description: 'flows: the raw flows that time and filter select, without splits',
            }),
          ),
        }),
        body: ref('Query'),
        response: {
          200: {
            description: 'The file',
            content: Object.fromEntries(
              exportFormats.map((format) => [mediaTypes[format].split(';')[0], { schema: contents[format] }]),
            ),
          },
          ...questionProblems,
        },
      },
    },
    async (request, reply) => {
      const format = exportFormats.find((each) => each === request.query.format);
      if (format === undefined)
        throw new PeepholeError('usage', `An export's format is one of ${exportFormats.join(', ')}.`);
      const { rows = 'answer' } = request.query;
      if (rows !== 'answer' && rows !== 'flows')
        throw new PeepholeError('usage', 'An export holds rows=answer or rows=flows.');
      const options = callOptions(request, reply);
      let table: ExportTable;
      if (rows === 'flows') {
        table = await recordsTable(service, selectionOf(request.body), options);
      } else {
        const answer = await service.query(request.body, options);
        void reply.header('peephole-truncated', String(answer.truncated));
        table = answerTable(answer);
      }
      void reply
        .type(mediaTypes[format])
        .header('content-disposition', `attachment; filename="peephole.${format}"`);
      return reply.send(
        Readable.from(written(table, format), { objectMode: false, highWaterMark: 256 * 1024 }),
      );
    },
  );
}

function selectionOf(body: unknown): Selection {
  if (typeof body !== 'object' || body === null) return {};
  const { time, filter, timezone } = body as Readonly<Record<string, unknown>>;
  return {
    ...(time === undefined || time === null ? {} : { time }),
    // What is not a list is refused by the query's parser, which says why.
    ...(filter === undefined ? {} : { filter: filter as readonly unknown[] }),
    ...(timezone === undefined ? {} : { timezone }),
  };
}

function written(table: ExportTable, format: ExportFormat): AsyncIterable<string | Uint8Array> {
  switch (format) {
    case 'csv':
      return delimitedText(table, ',');
    case 'tsv':
      return delimitedText(table, '\t');
    case 'json':
      return jsonText(table);
    case 'parquet':
      return parquetBytes(table);
  }
}
