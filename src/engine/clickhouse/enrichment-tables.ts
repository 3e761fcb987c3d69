import {
  type AddressFactInfo,
  type Enrichment,
  type FactValues,
  addressFacts,
} from '../../model/catalog/address-facts.ts';
import { type DerivedField, isDerived } from '../../model/catalog/derived-field.ts';
import { parseAddress } from '../../model/query/address-block.ts';
import { queryField } from '../../model/query/query-field.ts';
import type { EnrichmentState } from '../../sql/compile-context.ts';
import { timeBoundFacts } from '../../sql/derived/enrichment-layout.ts';
import { conversations } from '../../sql/derived/initiator.ts';
import type { Dialect } from '../../sql/dialects/dialect.ts';
import { clickhouse } from '../../sql/dialects/clickhouse/clickhouse-dialect.ts';
import { addressText } from '../../sql/dialects/clickhouse/clickhouse-cells.ts';
import { addressNumber, ipv6Text, storageType } from '../../sql/dialects/clickhouse/clickhouse-layout.ts';
import type { Columns } from './columns.ts';
import type { ClickHouseServer } from './server.ts';

/** So many addresses are asked about at once; others get their turn between. */
const SLICE = 10_000;
const PROTOCOLS_WITH_PORTS = [6, 17, 33, 132];

/** What the tables were filled for. */
interface Filled {
  readonly enrichment: string;
  readonly revision: number;
}

export interface EnrichmentOptions {
  readonly server: ClickHouseServer;
  /** Makes the names of the tables this process's own: several may look up different facts at once. */
  readonly suffix: string;
  readonly enrichment: () => Promise<Enrichment>;
  /** The state of the store now. */
  readonly store: () => { readonly revision: number; readonly columns: Columns };
}

/**
 * The tables that derived fields are looked up in, in the database beside the flows, kept up to date with both: filled when
 * first asked for, added to when flows bring other addresses, made anew when the facts change.
 */
export class EnrichmentTables {
  /** ClickHouse with these tables. */
  readonly dialect: Dialect;
  readonly #options: EnrichmentOptions;
  #filled: Filled | null = null;
  #changing = 0;
  #hasPorts = false;
  #conversations = -1;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: EnrichmentOptions) {
    this.#options = options;
    const own = (table: string): string => `${table}_${options.suffix}`;
    const { address, addressPeriod, port, conversation } = clickhouse.tables.enrichment;
    this.dialect = {
      ...clickhouse,
      tables: {
        ...clickhouse.tables,
        enrichment: {
          address: own(address),
          addressPeriod: own(addressPeriod),
          port: own(port),
          conversation: own(conversation),
        },
      },
    };
  }

  /** Sees to it that the tables have what fields of these names need now. One at a time: who comes meanwhile finds them done. */
  current(names: readonly string[]): Promise<EnrichmentState> {
    const kinds = new Set(names.map(derivationOf));
    const fill = async (): Promise<EnrichmentState> => {
      const enrichment = await this.#options.enrichment();
      await this.#fillAddresses(enrichment);
      if (kinds.has('port') && !this.#hasPorts) await this.#fillPorts(enrichment);
      if (kinds.has('start')) await this.#fillConversations();
      return { changesOverTime: this.#changing > 0 };
    };
    const turn = this.#turn.then(fill, fill);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Takes the tables away. */
  async drop(): Promise<void> {
    if (this.#filled === null && this.#conversations < 0) return;
    for (const table of Object.values(this.dialect.tables.enrichment))
      await this.#options.server.run(`DROP TABLE IF EXISTS ${table} SYNC`);
  }

  async #fillAddresses(enrichment: Enrichment): Promise<void> {
    const { revision, columns } = this.#options.store();
    const before = this.#filled;
    if (before?.enrichment === enrichment.revision && before.revision === revision) return;
    this.#filled = null;
    if (before?.enrichment !== enrichment.revision) await this.#create();
    await this.#addAddresses(enrichment, columns.flow);
    this.#filled = { enrichment: enrichment.revision, revision };
  }

  async #create(): Promise<void> {
    const { server } = this.#options;
    const { address, addressPeriod, port } = this.dialect.tables.enrichment;
    const columnsOf = (facts: readonly AddressFactInfo[]): string =>
      facts.map((fact) => `${fact.name} ${storageType(fact)}`).join(', ');
    const tables: readonly (readonly [name: string, columns: string, order: string])[] = [
      [address, `key IPv6, changes_over_time Bool, inside Bool, ${columnsOf(addressFacts)}`, 'key'],
      [
        addressPeriod,
        `key IPv6, interface LowCardinality(String), first_hour UInt32, last_hour UInt32, ${columnsOf(timeBoundFacts)}`,
        'key, interface, first_hour',
      ],
      [port, 'protocol UInt8, port UInt16, name LowCardinality(String)', 'protocol, port'],
    ];
    for (const [name, columns, order] of tables) {
      await server.run(`DROP TABLE IF EXISTS ${name} SYNC`);
      await server.run(`CREATE TABLE ${name} (${columns}) ENGINE = MergeTree ORDER BY (${order})`);
    }
    this.#hasPorts = false;
    this.#changing = 0;
  }

  async #addAddresses(enrichment: Enrichment, columns: ReadonlySet<string>): Promise<void> {
    const { server } = this.#options;
    const { address } = this.dialect.tables.enrichment;
    const ends = ['srcaddr', 'dstaddr'].filter((name) => columns.has(name));
    if (ends.length === 0) return;
    const all = ends
      .map((end) => `SELECT DISTINCT ${end} AS key FROM flow_hour WHERE ${end} IS NOT NULL`)
      .join(' UNION ALL ');
    const rows = await server.rows(
      `SELECT DISTINCT assumeNotNull(key) FROM (${all}) WHERE assumeNotNull(key) NOT IN (SELECT key FROM ${address})`,
    );
    for (let from = 0; from < rows.length; from += SLICE)
      await server.insert(
        address,
        rows.slice(from, from + SLICE).map(([key]) => {
          const text = addressText(String(key));
          const runs = enrichment.timeBoundFacts(text, null);
          const depends = runs.length > 1 || enrichment.dependsOnInterface(text);
          if (depends) this.#changing++;
          return {
            key: String(key),
            changes_over_time: depends,
            inside: enrichment.isInside(text),
            ...rowOf(addressFacts, {
              ...enrichment.staticFacts(text),
              ...(depends ? {} : runs[0]?.facts),
            }),
          };
        }),
      );
    if (this.#changing > 0) await this.#addPeriods(enrichment, ends, columns.has('interface_id'));
  }

  /** The facts of addresses that change over time, for each interface that logged them and has no rows yet. */
  async #addPeriods(enrichment: Enrichment, ends: readonly string[], hasInterface: boolean): Promise<void> {
    const { server } = this.#options;
    const { address, addressPeriod } = this.dialect.tables.enrichment;
    const pairs = ends.map(
      (end) =>
        `SELECT DISTINCT assumeNotNull(${end}) AS key, ${hasInterface ? "ifNull(toString(interface_id), '')" : "''"} AS interface
         FROM flow_hour WHERE ${end} IN (SELECT key FROM ${address} WHERE changes_over_time)`,
    );
    const rows = await server.rows(
      `SELECT DISTINCT key, interface FROM (${pairs.join(' UNION ALL ')})
       WHERE (key, interface) NOT IN (SELECT key, toString(interface) FROM ${addressPeriod})`,
    );
    for (let from = 0; from < rows.length; from += SLICE)
      await server.insert(
        addressPeriod,
        rows.slice(from, from + SLICE).flatMap(([key, id]) =>
          enrichment
            .timeBoundFacts(addressText(String(key)), id === '' ? null : String(id))
            .map(({ firstHour, lastHour, facts }) => ({
              key: String(key),
              interface: String(id),
              first_hour: firstHour,
              last_hour: lastHour,
              ...rowOf(timeBoundFacts, facts),
            })),
        ),
      );
  }

  async #fillPorts(enrichment: Enrichment): Promise<void> {
    const rows = PROTOCOLS_WITH_PORTS.flatMap((protocol) =>
      Array.from({ length: 65_536 }, (_, port) => ({
        protocol,
        port,
        name: enrichment.portName(protocol, port),
      })),
    );
    await this.#options.server.insert(
      this.dialect.tables.enrichment.port,
      rows.filter(({ name }) => name !== null),
    );
    this.#hasPorts = true;
  }

  /** Made anew after each commit that comes before a question about them. */
  async #fillConversations(): Promise<void> {
    const { server } = this.#options;
    const { revision, columns } = this.#options.store();
    if (this.#conversations === revision) return;
    const { conversation } = this.dialect.tables.enrichment;
    const select = conversations(columns.flow, this.dialect);
    await server.run(`DROP TABLE IF EXISTS ${conversation} SYNC`);
    if (select !== null)
      await server.run(`CREATE TABLE ${conversation} ENGINE = MergeTree ORDER BY tuple() AS ${select}`);
    this.#conversations = revision;
  }
}

/** How a derived field's values come about; undefined for any other name. */
function derivationOf(name: string): DerivedField['derivation']['kind'] | undefined {
  const field = queryField(name);
  return field !== undefined && isDerived(field) ? field.derivation.kind : undefined;
}

function rowOf(facts: readonly AddressFactInfo[], values: FactValues): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    facts.map(({ name, type }) => {
      const value = values[name] ?? null;
      const address = type === 'address' && value !== null ? parseAddress(String(value)) : null;
      return [
        name,
        type === 'address' ? (address === null ? null : ipv6Text(addressNumber(address))) : value,
      ];
    }),
  );
}
