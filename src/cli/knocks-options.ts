import type { Command } from 'commander';
import { parseKnocksSettings } from '../model/knocks/knocks-settings.ts';
import type { ConfiguredKnocks } from './config/config.ts';
import { readJsonArgument } from './read-json-argument.ts';

export interface KnocksOptions {
  readonly allowScanner?: readonly string[];
  readonly prices?: string;
}

/** Adds the options of commands that investigate: facts that are not in the logs. */
export function withKnocksOptions(command: Command): Command {
  return command
    .option(
      '--allow-scanner <address...>',
      'scanners of your own: findings that they scan or spread are hidden, and a note says so',
    )
    .option('--prices <file>', 'a table of what traffic costs, JSON (docs/knocks.md)');
}

/** Reads what the options say; throws PeepholeError where it is wrong, so that it is reported before the first question. */
export async function readKnocksOptions({ allowScanner, prices }: KnocksOptions): Promise<ConfiguredKnocks> {
  const given = {
    allowedScanners: allowScanner ?? [],
    prices: prices === undefined ? null : await readJsonArgument(prices, 'table of prices'),
  };
  parseKnocksSettings(given);
  return given;
}

/** What a configuration and the options say together: scanners of both, and the prices of the options where these name some. */
export function mergeKnocks(configured: ConfiguredKnocks | null, given: ConfiguredKnocks): ConfiguredKnocks {
  return {
    allowedScanners: [...new Set([...(configured?.allowedScanners ?? []), ...given.allowedScanners])],
    prices: given.prices ?? configured?.prices ?? null,
  };
}
