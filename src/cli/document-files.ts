import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { makeFolder } from '../system/make-folder.ts';
import type { DocumentKind } from '../model/document/document.ts';
import { parseDocument } from '../model/document/parse-document.ts';
import { PeepholeError } from '../model/errors.ts';
import { fileProblem } from '../model/file-problem.ts';
import { writeWholeFile } from '../system/write-whole-file.ts';
import { withCommonOptions, withService, type CommonOptions } from './common-options.ts';
import { Messages, plural } from './messages.ts';

const EXTENSION = '.json';

/** A command that only exports and imports, such as `peephole views`. */
export function documentsCommand(kind: DocumentKind, what: string): Command {
  const command = new Command(kind).description(`${what}: export and import them as files`);
  for (const sub of documentFileCommands(kind)) {
    command.addCommand(sub);
  }
  return command;
}

/** `export DIR` and `import DIR` for the documents of a kind: one readable file each, so that a team keeps them in git. */
export function documentFileCommands(kind: DocumentKind): readonly Command[] {
  const exporting = withCommonOptions(new Command('export'))
    .argument('<dir>', 'a folder; other files in it stay')
    .description(`write the ${kind} into a folder, one file each`)
    .action((folder: string, options: CommonOptions) => exportDocuments(kind, folder, options));
  const importing = withCommonOptions(new Command('import'))
    .argument('<dir>', 'a folder of files, exported or written by hand')
    .description(`store the ${kind} of a folder; others stay as they are`)
    .action((folder: string, options: CommonOptions) => importDocuments(kind, folder, options));
  return [exporting, importing];
}

async function exportDocuments(kind: DocumentKind, folder: string, options: CommonOptions): Promise<void> {
  const documents = await withService(options, (service) => service.documents(kind));
  makeFolder(folder);
  const foreign = await filesOfOtherKinds(kind, folder);
  const lost = documents.find(({ id }) => foreign.has(`${id}${EXTENSION}`));
  if (lost !== undefined)
    throw new PeepholeError(
      'usage',
      `${join(folder, lost.id)}${EXTENSION} is there and holds none of the ${kind}: choose a folder of their own, such as ${join(folder, kind)}.`,
    );
  for (const { id, content } of documents)
    await writeWholeFile(join(folder, `${id}${EXTENSION}`), `${JSON.stringify(content, null, 2)}\n`);
  const kept = new Set(documents.map(({ id }) => `${id}${EXTENSION}`));
  const others = (await readdir(folder)).filter(
    (name) => name.endsWith(EXTENSION) && !kept.has(name) && !foreign.has(name),
  );
  const messages = new Messages(options.quiet === true);
  messages.say(`${plural(documents.length, 'document')} in ${folder}.`);
  if (others.length > 0)
    messages.warn(`${others.join(', ')} there: the store has no such ${kind} (any more).`);
}

/** The files of a folder that hold no document of a kind, such as those of another kind: they are not overwritten. */
async function filesOfOtherKinds(kind: DocumentKind, folder: string): Promise<ReadonlySet<string>> {
  const foreign = new Set<string>();
  for (const name of (await readdir(folder)).filter((each) => each.endsWith(EXTENSION)))
    try {
      parseDocument(kind, JSON.parse(await readFile(join(folder, name), 'utf8')));
    } catch {
      foreign.add(name);
    }
  return foreign;
}

async function importDocuments(kind: DocumentKind, folder: string, options: CommonOptions): Promise<void> {
  const messages = new Messages(options.quiet === true);
  let names: readonly string[];
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith(EXTENSION)).toSorted();
  } catch (error) {
    throw new PeepholeError('usage', `${folder} can't be read: ${fileProblem(error)}`);
  }
  if (names.length === 0) throw new PeepholeError('usage', `There are no files *${EXTENSION} in ${folder}.`);
  const failed = await withService(options, async (service) => {
    let failures = 0;
    const counts = { created: 0, changed: 0, same: 0 };
    const before = new Map((await service.documents(kind)).map(({ id, version }) => [id, version]));
    for (const name of names) {
      const path = join(folder, name);
      try {
        const id = basename(name, EXTENSION);
        const content: unknown = JSON.parse(await readFile(path, 'utf8'));
        const { document, created } = await service.putDocument(kind, id, content, { kind: 'any' });
        if (created) counts.created++;
        else if (document.version === before.get(id)) counts.same++;
        else counts.changed++;
      } catch (error) {
        failures++;
        messages.warn(`${path}: ${fileProblem(error)}`);
      }
    }
    messages.say(`${counts.created} new, ${counts.changed} changed, ${counts.same} unchanged.`);
    return failures;
  });
  if (failed > 0)
    throw new PeepholeError('unreadable_input', `${plural(failed, 'file')} could not be imported.`);
}
