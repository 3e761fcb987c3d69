import {
  type AddressFactInfo,
  type AddressKnowledge,
  type FactValues,
  addressFacts,
} from '../../../src/model/catalog/address-facts.ts';
import { parseAddress } from '../../../src/model/query/address-block.ts';
import type { KnownState } from '../../../src/sql/compile-context.ts';
import { conversations } from '../../../src/sql/derived/initiator.ts';
import { heldFacts } from '../../../src/sql/derived/known-facts.ts';
import { clickhouse } from '../../../src/sql/dialects/clickhouse/clickhouse-dialect.ts';
import {
  addressNumber,
  ipv6Text,
  storageType,
} from '../../../src/sql/dialects/clickhouse/clickhouse-layout.ts';
import type { FlowObject } from '../flow-object.ts';
import type { ChdbDatabase } from './chdb.ts';

/** Makes and fills the tables of what is known of the flows' addresses, of ports, and of who began. */
export async function fillKnown(
  database: ChdbDatabase,
  flows: readonly FlowObject[],
  columns: ReadonlySet<string>,
  knowledge: AddressKnowledge,
): Promise<KnownState> {
  const { known } = clickhouse.tables;
  const factColumns = (facts: readonly AddressFactInfo[]): string =>
    facts.map((fact) => `${fact.name} ${storageType(fact)}`).join(', ');
  database.run(
    `CREATE TABLE ${known.address} (key IPv6, varied Bool, inside Bool, ${factColumns(addressFacts)}) ENGINE = MergeTree ORDER BY key`,
  );
  database.run(
    `CREATE TABLE ${known.held} (key IPv6, interface LowCardinality(String), first_hour UInt32, last_hour UInt32, ${factColumns(heldFacts)})
     ENGINE = MergeTree ORDER BY (key, interface, first_hour)`,
  );
  database.run(
    `CREATE TABLE ${known.port} (protocol UInt8, port UInt16, name LowCardinality(String)) ENGINE = MergeTree ORDER BY (protocol, port)`,
  );
  const ends = flows.flatMap((flow) => [flow['srcaddr'] ?? null, flow['dstaddr'] ?? null]);
  const addresses = [...new Set(ends.filter((end) => end !== null).map(String))];
  const depends = (address: string): boolean =>
    knowledge.held(address, null).length > 1 || knowledge.dependsOnInterface(address);
  await database.insert(
    known.address,
    addresses.map((address) => ({
      key: stored(address),
      varied: depends(address),
      inside: knowledge.isInside(address),
      ...row(addressFacts, {
        ...knowledge.lasting(address),
        ...(depends(address) ? {} : knowledge.held(address, null)[0]?.facts),
      }),
    })),
  );
  const varied = addresses.filter(depends);
  const faces = [...new Set(flows.map((flow) => flow['interface_id'] ?? null))];
  await database.insert(
    known.held,
    varied.flatMap((address) =>
      faces.flatMap((face) =>
        knowledge
          .held(address, face === null ? null : String(face))
          .map(({ firstHour, lastHour, facts }) => ({
            key: stored(address),
            interface: face ?? '',
            first_hour: firstHour,
            last_hour: lastHour,
            ...row(heldFacts, facts),
          })),
      ),
    ),
  );
  const ports = [6, 17, 33, 132].flatMap((protocol) =>
    Array.from({ length: 65_536 }, (_, port) => ({
      protocol,
      port,
      name: knowledge.portName(protocol, port),
    })),
  );
  await database.insert(
    known.port,
    ports.filter(({ name }) => name !== null),
  );
  const select = conversations(columns, clickhouse);
  if (select !== null)
    database.run(`CREATE TABLE ${known.conversation} ENGINE = MergeTree ORDER BY tuple() AS ${select}`);
  return { varied: varied.length > 0 };
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
