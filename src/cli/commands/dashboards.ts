import type { Command } from 'commander';
import { documentsCommand } from '../document-files.ts';

export function dashboardsCommand(): Command {
  return documentsCommand('dashboards', 'dashboards');
}
