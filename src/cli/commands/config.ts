import { Command } from 'commander';
import pc from 'picocolors';
import { DocumentFolder } from '../../documents/document-folder.ts';
import { PeepholeError } from '../../model/errors.ts';
import type { Config } from '../config/config.ts';
import { configFile, readConfig } from '../config/read-config.ts';
import { plural } from '../messages.ts';

export function configCommand(): Command {
  const command = new Command('config').description('the configuration of peephole serve');
  const check = new Command('check')
    .description('check a configuration file, without starting anything')
    .argument('[file]', 'default: peephole.config.json, .yaml or .yml in this folder')
    .action(async (named: string | undefined) => {
      const file = configFile(named);
      if (file === null)
        throw new PeepholeError('usage', 'There is no peephole.config.json, .yaml or .yml in this folder.');
      const { sources, inventory, knocks, retention, reports, documents } = await readConfig(file);
      const parts = [
        plural(sources.length, 'source'),
        inventory === null ? 'no inventory' : `the inventory every ${inventory.every}`,
        ...(knocks === null || knocks.allowedScanners.length === 0
          ? []
          : [`${plural(knocks.allowedScanners.length, 'scanner')} of your own`]),
        ...(knocks === null || knocks.prices === null ? [] : ['a table of prices']),
        ...retentionTexts(retention),
        ...(documents === null ? [] : [await documentsText(documents)]),
        ...(reports.length === 0 ? [] : [plural(reports.length, 'report')]),
      ];
      process.stdout.write(`${pc.green('✓')} ${file}: ${parts.join(', ')}\n`);
    });
  command.addCommand(check);
  return command;
}

/** What a folder of documents has. Throws `usage` for files that can't be used. */
async function documentsText(folder: string): Promise<string> {
  const read = await new DocumentFolder(folder, null).look();
  const problems = read?.problems ?? [];
  if (problems.length > 0)
    throw new PeepholeError('usage', problems.map(({ file, message }) => `${file}: ${message}`).join('\n'));
  return `${plural(read?.documents.length ?? 0, 'document')} in ${folder}`;
}

/** What is kept for how long, in words. */
function retentionTexts(retention: Config['retention']): readonly string[] {
  if (retention === null) return ['no retention'];
  const { keep, keepRaw } = retention;
  return [
    ...(keepRaw === null ? [] : [`flows older than ${keepRaw} as hourly totals`]),
    keep === null ? 'nothing deleted' : `what is older than ${keep} deleted`,
  ];
}
