import { readFile, stat } from 'node:fs/promises';
import pc from 'picocolors';
import { parseInventory, type InventoryContent } from '../enrich/inventory/parse-inventory.ts';
import { PeepholeError } from '../model/errors.ts';
import type { StoreService } from '../service/store-service.ts';
import { plural, type Messages } from './messages.ts';

/** What files say that hold what the AWS command line prints. Throws `unreadable_input` for one that is not JSON. */
export async function readInventories(files: readonly string[]): Promise<readonly InventoryContent[]> {
  const contents: InventoryContent[] = [];
  for (const file of files) contents.push(parseInventory(await readJson(file), file));
  return contents;
}

/**
 * Takes inventories into the store, and says what they held.
 *
 * @param at when the cloud said so, ISO 8601; null: now
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
  ];
  messages.say(`${pc.green('✓')} ${parts.join(', ')}`);
}

async function readJson(file: string): Promise<unknown> {
  try {
    await stat(file);
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new PeepholeError('unreadable_input', `${file} can't be read as JSON: ${(error as Error).message}`);
  }
}
