import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** Where Peephole keeps its data by default: the platform's place for a user's application data. */
export function dataFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  // As in the XDG Base Directory Specification: an empty or relative path is ignored.
  const given = (name: string): string | null => {
    const path = env[name] ?? '';
    return isAbsolute(path) ? path : null;
  };
  switch (platform) {
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'peephole');
    case 'win32':
      return join(given('LOCALAPPDATA') ?? join(homedir(), 'AppData', 'Local'), 'peephole');
    default:
      return join(given('XDG_DATA_HOME') ?? join(homedir(), '.local', 'share'), 'peephole');
  }
}

/** The store's folder: `--store`, else $PEEPHOLE_STORE, else `name` in the data folder. */
export function storeFolder(option: string | undefined, name = 'store'): string {
  const chosen = option ?? process.env['PEEPHOLE_STORE'];
  return chosen === undefined || chosen === '' ? join(dataFolder(), name) : resolve(chosen);
}

/** Whether nobody chose a store: the folder is one that Peephole named itself. */
export function isOwnDefault(option: string | undefined): boolean {
  return (option ?? process.env['PEEPHOLE_STORE'] ?? '') === '';
}
