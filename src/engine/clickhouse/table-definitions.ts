import type { Field } from '../../model/catalog/field.ts';
import { fields } from '../../model/catalog/fields.ts';
import { EXTRA } from '../../model/record/record-batch.ts';
import { quote, storageType } from '../../sql/dialects/clickhouse/clickhouse-layout.ts';
import { clickhouseRollups, rolledUp } from '../../sql/dialects/clickhouse/clickhouse-rollups.ts';

import { peopleColumns } from './people-columns.ts';
import { UNREADABLE } from '../object-states.ts';
import { CREATE_VIEW, type TableLayout, oneServer } from './table-layout.ts';
import { unkeptColumns, visitColumns } from './visit-tables.ts';

/** The form of the tables; a database of a later one is refused. */
export const DATABASE_VERSION = 5;

/**
 * ClickHouse has no transactions over several statements, so every row says of which batch it is. A batch is in
 * `open_batch` before its first row and in `committed_batch` after its last, which is one insert and so happens or does not.
 * What a batch that was begun and not committed left is in no view: views alone are read.
 */
const SHOWN = 'batch NOT IN (SELECT batch FROM unfinished_batch)';

/** Where rows lie: by months (UTC), rows without a time in one of their own. */
const BY_MONTH = "PARTITION BY toYYYYMM(toDateTime(ifNull(hour, 0) * 3600, 'UTC'))";
const TEXT_TYPE = 'LowCardinality(Nullable(String))';

/** In which order flows lie: as questions prune. */
const flowOrder = ['hour', 'action', 'dstaddr', 'srcaddr', 'dstport'];

/** The statements that make an empty database's tables and views, each of which may be there already. */
export function createTables(layout: TableLayout = oneServer): readonly string[] {
  const { table, view } = layout;
  return [
    ...table('database_version', 'version UInt32', 'version'),
    ...table('open_batch', 'batch UInt64, writer String, at DateTime64(3)', 'batch'),
    ...table('committed_batch', 'batch UInt64', 'batch'),
    ...view(
      'unfinished_batch',
      'SELECT batch FROM open_batch WHERE batch NOT IN (SELECT batch FROM committed_batch)',
    ),
    // Rows of which batches are added up (`compaction.ts`), and which of the rollups' rows are not to be seen: the latest row counts.
    ...table('rollup_merge', 'target UInt64, batch UInt64', 'target, batch'),
    ...table('rollup_state', 'batch UInt64, turn UInt8, hidden Bool', 'batch'),
    ...view('hidden_rollup', 'SELECT batch FROM rollup_state GROUP BY batch HAVING argMax(hidden, turn)'),
    ...flowTables(layout),
    // The ledger. An input that comes a little at a time (a stream) has a row for each batch.
    ...table(
      'input_row',
      `batch UInt64, id UInt64, name String, sha256 String, size UInt64, flows UInt64, nodata UInt64, skipdata UInt64, quarantined UInt64,
       first_start Nullable(UInt32), last_start Nullable(UInt32), ingested_at DateTime64(3)`,
      'sha256',
    ),
    ...view(
      'input',
      `SELECT id, any(name) AS name, any(sha256) AS sha256, any(size) AS size, sum(flows) AS flows, sum(nodata) AS nodata,
         sum(skipdata) AS skipdata, sum(quarantined) AS quarantined, min(first_start) AS first_start, max(last_start) AS last_start,
         max(ingested_at) AS ingested_at FROM input_row WHERE ${SHOWN} GROUP BY id`,
    ),
    // What batches are about to bring, so that two processes don't both bring it (`input-claims.ts`).
    ...table(
      'input_claim',
      'sha256 String, batch UInt64, turn UInt32, gone Bool, at DateTime64(3) DEFAULT now64(3)',
      'sha256',
      'TTL toDateTime(at) + INTERVAL 1 DAY',
    ),
    ...table(
      'quarantine_row',
      'batch UInt64, input UInt64, line UInt64, reason String, text String, item Nullable(String)',
      'input, line',
    ),
    // Lines of inputs of a name, of batches before, that another state of it took the place of.
    ...table('forgotten_quarantine', 'batch UInt64, name String', 'name'),
    // Which fields records of each kind (flow, coverage, extra) have been logged with.
    ...table('logged_field_row', 'batch UInt64, kind String, name String', 'kind, name'),
    ...view('logged_field', `SELECT DISTINCT kind, name FROM logged_field_row WHERE ${SHOWN}`),
    ...table(
      'source_position_row',
      'batch UInt64, source String, name String, position String',
      'source, name',
    ),
    ...view(
      'source_position',
      `SELECT source, name, argMax(position, batch) AS position FROM source_position_row WHERE ${SHOWN} GROUP BY source, name`,
    ),
    ...table(
      'source_total_row',
      'batch UInt64, source String, records UInt64, objects UInt64, at DateTime64(3)',
      'source',
    ),
    ...view(
      'source_total',
      `SELECT source, sum(records) AS records, sum(objects) AS objects, max(at) AS last_success FROM source_total_row WHERE ${SHOWN} GROUP BY source`,
    ),
    ...table('source_object_row', 'batch UInt64, name String, tag String', 'name, tag'),
    ...view('source_object', `SELECT DISTINCT name, tag FROM source_object_row WHERE ${SHOWN}`),
    ...view(
      'quarantined_line',
      // Neither why an object could not be read that came in since, under its name or, as it is now, under another one.
      `SELECT q.input AS input, q.line AS line, q.reason AS reason, q.text AS text, q.item AS item, i.name AS input_name
       FROM (SELECT * FROM quarantine_row WHERE ${SHOWN}) q JOIN input i ON i.id = q.input
       LEFT JOIN (SELECT name, max(batch) AS before FROM forgotten_quarantine WHERE ${SHOWN} GROUP BY name) f ON f.name = i.name
       LEFT JOIN (SELECT name, max(batch) AS came FROM input_row WHERE ${SHOWN} GROUP BY name) c ON c.name = q.item
       LEFT JOIN (
         SELECT name, max(batch) AS done FROM source_object_row
         WHERE ${SHOWN} AND NOT startsWith(tag, '${UNREADABLE}') AND name IN (SELECT item FROM quarantine_row WHERE line = 0)
         GROUP BY name
       ) d ON d.name = q.item
       WHERE (f.before IS NULL OR q.batch >= f.before)
         AND (q.line > 0 OR (c.came IS NULL OR q.batch >= c.came) AND (d.done IS NULL OR q.batch >= d.done))`,
    ),
    ...table(
      'record_id_row',
      'batch UInt64, source String, slot UInt32, high UInt64, low UInt64',
      'source, slot',
    ),
    ...view('record_id', `SELECT DISTINCT source, slot, high, low FROM record_id_row WHERE ${SHOWN}`),
    // What imports said, with the time of each: the same facts again are known for longer.
    ...table('inventory_said', 'kind String, id String, facts String, at UInt32', 'kind, id, at'),
    ...view(
      'inventory_item',
      'SELECT kind, id, facts, min(at) AS first, max(at) AS last FROM inventory_said GROUP BY kind, id, facts',
    ),
    ...table('published_range_row', 'import UInt64, prefix String, service String, region String', 'import'),
    ...view(
      'published_range',
      "SELECT prefix, service, region FROM published_range_row WHERE import = (SELECT max(import) FROM published_range_row) AND prefix != ''",
    ),
    // What has become of findings, as JSON; of the rows of an id the latest counts.
    ...table('finding_row', 'at UInt64, id String, record String, gone Bool', 'id, at'),
    ...table('visit_row', `batch UInt64, ${visitColumns}`, 'listener, number'),
    ...view('visit', `SELECT * EXCEPT (batch) FROM visit_row WHERE ${SHOWN}`),
    ...table('unkept_visits_row', `batch UInt64, ${unkeptColumns}`, 'listener, number'),
    ...view('unkept_visits', `SELECT * EXCEPT (batch) FROM unkept_visits_row WHERE ${SHOWN}`),
    // Before this second only rollups are kept; the latest row counts.
    ...table('flows_from_row', 'at DateTime64(3), second UInt32', 'at'),
    ...peopleViews(layout),
  ];
}

/** The tables of flows and of records without flows, what is added up of them, and the views of those. */
function flowTables(layout: TableLayout): readonly string[] {
  const { partOf, rows, shown, fill } = layout;
  const [flows, coverage] = [partOf('flow_row'), partOf('coverage_row')];
  const columns = fields.map((field) => `${quote(field.name)} ${storageType(field)}`);
  return [
    ...rows(
      'flow_row',
      ['batch UInt64', 'hour Nullable(UInt32)', ...columns, `${EXTRA} ${TEXT_TYPE}`].join(', '),
      flowOrder.join(', '),
      BY_MONTH,
    ),
    ...shown('flow', `SELECT * EXCEPT (batch), ${layout.place} FROM ${flows} WHERE ${SHOWN}`),
    ...rows(
      'coverage_row',
      ['batch UInt64', 'input UInt64', 'hour Nullable(UInt32)', ...columns, `${EXTRA} ${TEXT_TYPE}`].join(
        ', ',
      ),
      'hour',
      BY_MONTH,
    ),
    ...shown('coverage_record', `SELECT * EXCEPT (batch) FROM ${coverage} WHERE ${SHOWN}`),
    ...clickhouseRollups.flatMap((rollup) => {
      const kept = fields.filter((field) => rollup.keeps(field));
      const definition = [
        'batch UInt64',
        'hour Nullable(UInt32)',
        ...kept.map((field: Field) => `${quote(field.name)} ${storageType(field)}`),
        'flows UInt64',
        'bytes Nullable(Int128)',
        'packets Nullable(Int128)',
      ].join(', ');
      const order = ['hour', ...flowOrder.filter((name) => kept.some((field) => field.name === name))];
      const table = `${rollup.table}_row`;
      return [
        ...rows(table, definition, order.join(', '), BY_MONTH),
        ...fill(
          `${rollup.table}_fill`,
          table,
          rolledUp(
            rollup,
            kept.map(({ name }) => name),
            new Set(fields.map(({ name }) => name)),
            { table: flows, by: ['batch'] },
          ),
        ),
        // The rows that are shown, each with its batch.
        ...shown(
          `${rollup.table}_part`,
          `SELECT * FROM ${partOf(table)} WHERE ${SHOWN} AND batch NOT IN (SELECT batch FROM hidden_rollup)`,
        ),
        ...shown(
          rollup.table,
          `SELECT * EXCEPT (batch) FROM ${partOf(table)} WHERE ${SHOWN} AND batch NOT IN (SELECT batch FROM hidden_rollup)`,
        ),
      ];
    }),
    ...rows(
      'logged_hour_row',
      'batch UInt64, hour UInt32, flows UInt64, nodata UInt64, skipdata UInt64',
      'hour',
    ),
    ...fill(
      'flow_logged_fill',
      'logged_hour_row',
      `SELECT batch, assumeNotNull(hour) AS hour, count() AS flows, 0 AS nodata, 0 AS skipdata
       FROM ${flows} WHERE ${flows}.hour IS NOT NULL GROUP BY batch, hour`,
    ),
    ...fill(
      'coverage_logged_fill',
      'logged_hour_row',
      `SELECT batch, assumeNotNull(hour) AS hour, 0 AS flows, countIf(log_status = 'NODATA') AS nodata, countIf(log_status = 'SKIPDATA') AS skipdata
       FROM ${coverage} WHERE ${coverage}.hour IS NOT NULL GROUP BY batch, hour`,
    ),
    ...shown('logged_hour_part', `SELECT * EXCEPT (batch) FROM ${partOf('logged_hour_row')} WHERE ${SHOWN}`),
    ...layout.view(
      'logged_hour',
      'SELECT hour, sum(flows) AS flows, sum(nodata) AS nodata, sum(skipdata) AS skipdata FROM logged_hour_part GROUP BY hour',
    ),
  ];
}

/** The statements that make the views of a database of an earlier version those of this one. */
export function replaceViews(layout: TableLayout): readonly string[] {
  return createTables(layout)
    .filter((statement) => statement.startsWith(CREATE_VIEW))
    .map((statement) => statement.replace(CREATE_VIEW, 'CREATE OR REPLACE VIEW'));
}

/** The views that people write SQL over. */
function peopleViews({ partOf, shown, view }: TableLayout): readonly string[] {
  const list = peopleColumns().join(', ');
  return [
    ...shown('flows', `SELECT ${list} FROM ${partOf('flow_row')} WHERE ${SHOWN}`),
    ...shown(
      'coverage',
      `SELECT r.* EXCEPT (input), i.name AS input FROM (SELECT ${list}, input FROM ${partOf('coverage_row')} WHERE ${SHOWN}) r LEFT JOIN (SELECT id, name FROM input) i ON i.id = r.input`,
    ),
    ...view(
      'quarantine',
      'SELECT ifNull(item, input_name) AS input, line, reason, text FROM quarantined_line',
    ),
  ];
}
