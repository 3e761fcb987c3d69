import type { Command } from 'commander';
import { documentsCommand } from '../document-files.ts';

export function lookupsCommand(): Command {
  return documentsCommand('lookups', 'links from addresses to other sites');
}
