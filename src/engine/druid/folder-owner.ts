import { PeepholeError } from '../../model/errors.ts';
import { tablesOfDruid } from '../duckdb/flows-elsewhere.ts';
import type { Store } from '../duckdb/store.ts';

/** Throws `usage` for a folder of another data source, or of a store of files. */
export async function checkFolder(store: Store, datasource: string): Promise<void> {
  const { folder } = store.options;
  const tables = await tablesOfDruid(store);
  if (tables.includes('druid_data_source')) {
    const [row] = await store.database.rows('SELECT name FROM druid_data_source');
    if (row === undefined || row[0] === datasource) return;
    throw new PeepholeError(
      'usage',
      `The folder ${folder} belongs to the data source ${String(row[0])}, not to ${datasource}. Name another folder with --store, or that data source in --engine-url.`,
    );
  }
  // Folders of earlier versions have tables of Druid's and no mark.
  if (tables.length > 0) return;
  const [row] = await store.database.rows('SELECT count(*) FROM input');
  if (Number(row?.[0] ?? 0) > 0)
    throw new PeepholeError(
      'usage',
      `The folder ${folder} holds a store of files with flows of its own. Name another folder with --store; peephole copy brings its flows to Druid.`,
    );
}

/** Marks a folder as belonging to a data source, unless it is. */
export async function markFolder(store: Store, datasource: string): Promise<void> {
  if (store.readOnly || (await tablesOfDruid(store)).includes('druid_data_source')) return;
  await store.writeBeside(async (api) => {
    await api.run('CREATE TABLE druid_data_source (name VARCHAR NOT NULL)');
    await api.run('INSERT INTO druid_data_source VALUES ($1)', [datasource]);
  });
}
