/** A file that somebody dropped or picked, with its path in what was dropped. */
export interface ChosenFile {
  readonly name: string;
  readonly file: File;
}

/** Of one drop: more than that is better read by `peephole ingest`. */
const MOST_FILES = 10_000;

/** Whether files are being dragged, and not a part of the page. */
export function holdsFiles(data: DataTransfer | null): boolean {
  return data?.types.includes('Files') === true;
}

/** The files that were picked: those of a folder with their paths in it. */
export function pickedFiles(files: FileList | null): readonly ChosenFile[] {
  return [...(files ?? [])]
    .map((file) => ({ name: file.webkitRelativePath || file.name, file }))
    .filter(isNamed)
    .slice(0, MOST_FILES);
}

/**
 * The files that were dropped, those of folders too, hidden ones in them left out; `MOST_FILES` at most. To be called
 * while the drop is being handled: afterwards the browser has forgotten them.
 */
export async function droppedFiles(data: DataTransfer): Promise<readonly ChosenFile[]> {
  const dropped = [...data.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const files: ChosenFile[] = [];
  for (const each of dropped) {
    if (each instanceof File) files.push({ name: each.name, file: each });
    else if (each !== null) await collect(each, each.name, files);
  }
  return files;
}

async function collect(entry: FileSystemEntry, name: string, files: ChosenFile[]): Promise<void> {
  if (files.length >= MOST_FILES) return;
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => {
      entry.file(resolve, reject);
    });
    files.push({ name, file });
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    // A reader gives some at a time, and none at its end.
    for (let some = await next(reader); some.length > 0; some = await next(reader))
      for (const each of some.filter(isNamed)) await collect(each, `${name}/${each.name}`, files);
  }
}

function next(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  return new Promise((resolve, reject) => {
    reader.readEntries(resolve, reject);
  });
}

/** What is hidden in a folder is no log: `.DS_Store`. */
function isNamed({ name }: { readonly name: string }): boolean {
  return !/(^|\/)\.[^/]*$/.test(name);
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
