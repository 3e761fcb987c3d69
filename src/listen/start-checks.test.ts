import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { checkHandles, checkRights } from './start-checks.ts';

const temp = useTempFolder();
const none = { root: false, credentials: false };
const at = (env: Readonly<Record<string, string>>, userId: number | null = 1_000) => ({
  env,
  home: temp.path,
  userId,
});

test('root is refused unless allowed', () => {
  expect(() => checkRights(at({}, 0), none)).toThrow(/not as root.*--allow-root/s);
  expect(() => checkRights(at({}, 0), { ...none, root: true })).not.toThrow();
  expect(() => checkRights(at({}, null), none)).not.toThrow();
});

test.each([
  'AWS_ACCESS_KEY_ID',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
])('%s is refused unless allowed, and its value is not shown', (name) => {
  const refused = (): void => checkRights(at({ [name]: 'secret-value' }), none);
  expect(refused).toThrow(new RegExp(`${name}.*--allow-credentials`, 's'));
  expect(refused).not.toThrow(/secret-value/);
  expect(() => checkRights(at({ [name]: 'x' }), { ...none, credentials: true })).not.toThrow();
  expect(() => checkRights(at({ [name]: '' }), none)).not.toThrow();
});

test('a readable file of credentials is refused', () => {
  mkdirSync(join(temp.path, '.aws'));
  const file = join(temp.path, 'elsewhere');
  writeFileSync(file, '');
  expect(() => checkRights(at({}), none)).not.toThrow();
  expect(() => checkRights(at({ AWS_SHARED_CREDENTIALS_FILE: file }), none)).toThrow(/elsewhere/);
  writeFileSync(join(temp.path, '.aws', 'credentials'), '');
  expect(() => checkRights(at({}), none)).toThrow(/credentials can be read/);
});

test('more connections than the system has file handles are refused', () => {
  expect(() => checkHandles(10, 2)).not.toThrow();
  if (process.platform === 'linux') expect(() => checkHandles(10_000_000_000, 2)).toThrow(/ulimit -n/);
});
