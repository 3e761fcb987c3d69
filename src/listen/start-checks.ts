import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PeepholeError } from '../model/errors.ts';

/** Variables that give AWS's tools credentials, or the place to get them. */
const credentialVariables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_BEARER_TOKEN_BEDROCK',
] as const;

/** Handles that the process needs beside those of visits. */
const SPARE_HANDLES = 64;

export interface ProcessEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Null where there are no users. */
  readonly userId: number | null;
}

/**
 * Refuses to listen to strangers with more rights than that takes: as root, or where AWS credentials can be read.
 * Throws `usage`.
 */
export function checkRights(
  { env, home, userId }: ProcessEnvironment,
  allowed: { readonly root: boolean; readonly credentials: boolean },
): void {
  if (userId === 0 && !allowed.root) {
    throw new PeepholeError(
      'usage',
      'Strangers should meet a process that may do nothing: start peephole listen as a user of its own, not as root. docs/listen.md says how such a user listens on ports below 1024 (a capability, systemd, or a redirection). --allow-root starts it all the same.',
    );
  }
  if (allowed.credentials) return;
  const names = credentialVariables.filter((name) => (env[name] ?? '') !== '');
  if (names.length > 0) {
    throw new PeepholeError(
      'usage',
      `AWS credentials are in the environment (${names.join(', ')}), and strangers should meet a process that has none: unset them (env -u NAME … peephole listen). --allow-credentials starts it all the same.`,
    );
  }
  const file = env['AWS_SHARED_CREDENTIALS_FILE'] || join(home, '.aws', 'credentials');
  if (isReadable(file)) {
    throw new PeepholeError(
      'usage',
      `AWS credentials can be read from ${file}, and strangers should meet a process that can read none: start it as a user without that file. --allow-credentials starts it all the same.`,
    );
  }
}

/** Throws `usage` where the system would not let so many visits be open at once. */
export function checkHandles(connections: number, ports: number): void {
  const limit = openFilesLimit();
  const needed = connections + ports + SPARE_HANDLES;
  if (limit !== null && needed > limit) {
    throw new PeepholeError(
      'usage',
      `${connections} connections at once need ${needed} open files, and the system allows this process ${limit}. Raise that (ulimit -n, LimitNOFILE= of systemd), or lower --max-connections.`,
    );
  }
}

/** Null where the system doesn't say. */
function openFilesLimit(): number | null {
  try {
    const limits = readFileSync('/proc/self/limits', 'latin1');
    const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}

function isReadable(path: string): boolean {
  try {
    // Whoever wants no file of credentials names a device that is always empty.
    if (!statSync(path).isFile()) return false;
    // Opened, since `access` leaves out a capability that lets a process read all files.
    closeSync(openSync(path, 'r'));
    return true;
  } catch {
    return false;
  }
}
