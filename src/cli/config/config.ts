import type { Channel } from '../../alerts/channels/channel.ts';
import type { Report } from '../../reports/scheduled-report.ts';
import type { SourceOptions } from '../../sources/source.ts';

/** A source in the configuration, with its settings. */
export interface ConfiguredSource {
  readonly name: string;
  readonly options: Partial<SourceOptions>;
  /** How far back it is read, counted from when it is started, instead of `from` and `to`; null: as these say. */
  readonly last: string | null;
}

/** Scanners of one's own, and a table of prices as `parsePrices` reads it; null: the usual prices. */
export interface ConfiguredKnocks {
  readonly allowedScanners: readonly string[];
  readonly prices: unknown;
}

/** What `peephole.config.json` or `.yaml` says. Durations are ISO 8601. */
export interface Config {
  readonly sources: readonly ConfiguredSource[];
  /** How often the EC2 inventory is imported, and from where; null: never. */
  readonly inventory: {
    readonly every: string;
    readonly regions: readonly string[];
    readonly profile: string | null;
  } | null;
  /** Settings of every investigation, in the form of `parseKnocksSettings`; null: none. */
  readonly knocks: ConfiguredKnocks | null;
  /** How long flows, and single flows, are kept; null: everything is kept. */
  readonly retention: { readonly keep: string | null; readonly keepRaw: string | null } | null;
  /** Where messages of alerts can go. */
  readonly channels: readonly Channel[];
  /** Scheduled reports. */
  readonly reports: readonly Report[];
  /** A folder that documents are read from (docs/documents.md); null: none. */
  readonly documents: string | null;
  /** The public URL of the page, for links in messages; null: the address that the server listens on. */
  readonly url: string | null;
}
