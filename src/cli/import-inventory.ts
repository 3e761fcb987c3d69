import { readFile } from 'node:fs/promises';
import pc from 'picocolors';
import { parseHosts } from '../enrich/inventory/parse-hosts.ts';
import { parseInventory, type InventoryContent } from '../enrich/inventory/parse-inventory.ts';
import { PeepholeError } from '../model/errors.ts';
import { fileProblem } from '../model/file-problem.ts';
import type { StoreService } from '../service/store-service.ts';
import { plural, type Messages } from './messages.ts';

/**
 * The content of inventory files: output of the AWS command line (JSON), or hosts files. Throws `unreadable_input` for
 * one that is neither.
 */
export async function readInventories(files: readonly string[]): Promise<readonly InventoryContent[]> {
  const contents: InventoryContent[] = [];
  for (const file of files) contents.push(await readInventory(file));
  return contents;
}

/**
 * Imports inventories into the store, and prints what they contained.
 *
 * @param at when they were made, ISO 8601; null: now
 */
export async function keepInventory(
  service: StoreService,
  contents: readonly InventoryContent[],
  at: string | null,
  messages: Messages,
): Promise<void> {
  const ranges = contents.flatMap((content) => content.ranges ?? []);
  const report = await service.addInventory({
    at,
    items: contents.flatMap(({ items }) => items),
    ranges: contents.some((content) => content.ranges !== null) ? ranges : null,
  });
  const parts = [
    plural(report.interfaces, 'interface'),
    plural(report.instances, 'instance'),
    plural(report.addresses, 'elastic address', 'elastic addresses'),
    plural(report.ranges, 'published range'),
    ...(report.hosts === 0 ? [] : [plural(report.hosts, 'name')]),
  ];
  messages.say(`${pc.green('✓')} ${parts.join(', ')}`);
}

async function readInventory(file: string): Promise<InventoryContent> {
  const failed = (what: string, error: unknown): PeepholeError =>
    new PeepholeError('unreadable_input', `${file} can't be read${what}: ${fileProblem(error)}`);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw failed('', error);
  });
  if (!/^\uFEFF?\s*[{[]/.test(text)) return { items: parseHosts(text, file), ranges: null };
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw failed(' as JSON', error);
  }
  return parseInventory(json, file);
}
