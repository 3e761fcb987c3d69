/**
 * What the operating system says of a file or folder that it does not give, as the end of a sentence. Of any other error
 * its own message.
 */
export function fileProblem(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return words.get(code) ?? message;
}

const words: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file or folder.'],
  ['ENOTDIR', 'a part of the path is no folder.'],
  ['EISDIR', 'it is a folder.'],
  ['EACCES', 'this user may not.'],
  ['EPERM', 'this user may not.'],
  ['EROFS', 'its file system is read-only.'],
  ['ENOSPC', 'the disk is full.'],
  ['EDQUOT', "this user's part of the disk is full."],
  ['EMFILE', 'too many files are open.'],
  ['ENFILE', 'too many files are open.'],
  ['ELOOP', 'its links lead in a circle.'],
  ['ENAMETOOLONG', 'the name is too long.'],
  ['EIO', 'the disk reports an error.'],
]);
