import type { Command } from 'commander';
import { documentsCommand } from '../document-files.ts';

export function viewsCommand(): Command {
  return documentsCommand('views', 'saved views');
}
