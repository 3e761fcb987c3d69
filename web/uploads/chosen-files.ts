/** A dropped or selected file, with its path in the dropped folder. */
export interface ChosenFile {
  readonly name: string;
  readonly file: File;
}

/** Files that were dropped or selected together. */
export interface Chosen {
  readonly files: readonly ChosenFile[];
  /** Files beyond `MOST_FILES`, which are not uploaded. */
  readonly leftOut: number;
}

/** The maximum for one drop; `peephole ingest` is better for more. */
export const MOST_FILES = 10_000;

interface Collected {
  readonly files: ChosenFile[];
  leftOut: number;
}

/** Whether files are being dragged, not a part of the page. */
export function holdsFiles(data: DataTransfer | null): boolean {
  return data?.types.includes('Files') === true;
}

/** The files that were picked: those of a folder with their paths in it. */
export function pickedFiles(files: Iterable<File> | null): Chosen {
  const chosen = [...(files ?? [])]
    .map((file) => ({ name: file.webkitRelativePath || file.name, file }))
    .filter(isNamed);
  return {
    files: chosen.slice(0, MOST_FILES),
    leftOut: Math.max(0, chosen.length - MOST_FILES),
  };
}

/**
 * The dropped files, with those in folders except hidden ones. Must be called in the drop handler, since the browser
 * drops the references afterwards.
 */
export async function droppedFiles(data: Pick<DataTransfer, 'items'>): Promise<Chosen> {
  const dropped = [...data.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const chosen = { files: new Array<ChosenFile>(), leftOut: 0 };
  for (const each of dropped) {
    if (each instanceof File) await collect(each.name, async () => each, chosen);
    else if (each !== null) await collectEntry(each, each.name, chosen);
  }
  return chosen;
}

/** Adds a file, or only counts it once there are enough, without opening it. */
async function collect(name: string, open: () => Promise<File>, chosen: Collected): Promise<void> {
  if (chosen.files.length >= MOST_FILES) chosen.leftOut++;
  else chosen.files.push({ name, file: await open() });
}

async function collectEntry(entry: FileSystemEntry, name: string, chosen: Collected): Promise<void> {
  if (isFile(entry)) {
    const open = (): Promise<File> =>
      new Promise((resolve, reject) => {
        entry.file(resolve, reject);
      });
    await collect(name, open, chosen);
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    // A reader returns some entries at a time, and none at the end.
    for (let some = await next(reader); some.length > 0; some = await next(reader))
      for (const each of some.filter(isNamed)) await collectEntry(each, `${name}/${each.name}`, chosen);
  }
}

function next(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  return new Promise((resolve, reject) => {
    reader.readEntries(resolve, reject);
  });
}

/** Hidden files in a folder are not logs: `.DS_Store`. */
function isNamed({ name }: { readonly name: string }): boolean {
  return !/(^|\/)\.[^/]*$/.test(name);
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
