import {
  type AddressFactInfo,
  type Enrichment,
  type FactValues,
  addressFacts,
} from '../../../src/model/catalog/address-facts.ts';
import { parseAddress } from '../../../src/model/query/address-block.ts';
import type { EnrichmentState } from '../../../src/sql/compile-context.ts';
import { conversations } from '../../../src/sql/derived/initiator.ts';
import { timeBoundFacts } from '../../../src/sql/derived/enrichment-layout.ts';
import { clickhouse } from '../../../src/sql/dialects/clickhouse/clickhouse-dialect.ts';
import {
  addressNumber,
  ipv6Text,
  storageType,
} from '../../../src/sql/dialects/clickhouse/clickhouse-layout.ts';
import type { FlowObject } from '../flow-object.ts';
import type { ChdbDatabase } from './chdb.ts';

/** Makes and fills the enrichment tables for the flows' addresses, ports and conversations. */
export async function fillEnrichment(
  database: ChdbDatabase,
  flows: readonly FlowObject[],
  columns: ReadonlySet<string>,
  enrichment: Enrichment,
): Promise<EnrichmentState> {
  const { enrichment: tables } = clickhouse.tables;
  const factColumns = (facts: readonly AddressFactInfo[]): string =>
    facts.map((fact) => `${fact.name} ${storageType(fact)}`).join(', ');
  database.run(
    `CREATE TABLE ${tables.address} (key IPv6, changes_over_time Bool, inside Bool, ${factColumns(addressFacts)}) ENGINE = MergeTree ORDER BY key`,
  );
  database.run(
    `CREATE TABLE ${tables.addressPeriod} (key IPv6, interface LowCardinality(String), first_hour UInt32, last_hour UInt32, ${factColumns(timeBoundFacts)})
     ENGINE = MergeTree ORDER BY (key, interface, first_hour)`,
  );
  database.run(
    `CREATE TABLE ${tables.port} (protocol UInt8, port UInt16, name LowCardinality(String)) ENGINE = MergeTree ORDER BY (protocol, port)`,
  );
  const ends = flows.flatMap((flow) => [flow['srcaddr'] ?? null, flow['dstaddr'] ?? null]);
  const addresses = [...new Set(ends.filter((end) => end !== null).map(String))];
  const depends = (address: string): boolean =>
    enrichment.timeBoundFacts(address, null).length > 1 || enrichment.dependsOnInterface(address);
  await database.insert(
    tables.address,
    addresses.map((address) => ({
      key: stored(address),
      changes_over_time: depends(address),
      inside: enrichment.isInside(address),
      ...row(addressFacts, {
        ...enrichment.staticFacts(address),
        ...(depends(address) ? {} : enrichment.timeBoundFacts(address, null)[0]?.facts),
      }),
    })),
  );
  const changing = addresses.filter(depends);
  const interfaceIds = [...new Set(flows.map((flow) => flow['interface_id'] ?? null))];
  await database.insert(
    tables.addressPeriod,
    changing.flatMap((address) =>
      interfaceIds.flatMap((interfaceId) =>
        enrichment
          .timeBoundFacts(address, interfaceId === null ? null : String(interfaceId))
          .map(({ firstHour, lastHour, facts }) => ({
            key: stored(address),
            interface: interfaceId ?? '',
            first_hour: firstHour,
            last_hour: lastHour,
            ...row(timeBoundFacts, facts),
          })),
      ),
    ),
  );
  const ports = [6, 17, 33, 132].flatMap((protocol) =>
    Array.from({ length: 65_536 }, (_, port) => ({
      protocol,
      port,
      name: enrichment.portName(protocol, port),
    })),
  );
  await database.insert(
    tables.port,
    ports.filter(({ name }) => name !== null),
  );
  const select = conversations(columns, clickhouse);
  if (select !== null)
    database.run(`CREATE TABLE ${tables.conversation} ENGINE = MergeTree ORDER BY tuple() AS ${select}`);
  return { changesOverTime: changing.length > 0 };
}

function row(facts: readonly AddressFactInfo[], values: FactValues): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    facts.map(({ name, type }) => {
      const value = values[name] ?? null;
      return [name, type === 'address' && value !== null ? stored(String(value)) : value];
    }),
  );
}

function stored(address: string): string | null {
  const parsed = parseAddress(address);
  return parsed === null ? null : ipv6Text(addressNumber(parsed));
}
