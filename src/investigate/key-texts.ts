import type { Field } from '../model/catalog/field.ts';
import { type Key, readKey } from '../sql/key.ts';
import type { SqlSession } from '../sql/sql-session.ts';

/** So many keys are looked up at once. */
const SLICE = 5000;

/** The texts of some keys of a field; null for the key of a missing value. */
export async function textsBehind(
  field: Field,
  keys: readonly Key[],
  { dialect, run }: SqlSession,
): Promise<(key: Key) => string | null> {
  const texts = new Map<Key, unknown>();
  const different = [...new Set(keys)];
  for (let at = 0; at < different.length; at += SLICE) {
    const statement = dialect.textsOf(field, different.slice(at, at + SLICE));
    for (const [key, text] of statement === null ? [] : await run(statement)) texts.set(readKey(key), text);
  }
  return (key) => {
    const cell = dialect.cell(field, key, texts.get(key));
    return cell === null ? null : String(cell);
  };
}
