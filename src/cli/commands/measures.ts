import type { Command } from 'commander';
import { documentsCommand } from '../document-files.ts';

export function measuresCommand(): Command {
  return documentsCommand('measures', 'named measures');
}
