import type { LedgerEntry } from '../../src/engine/input-register.ts';

/** The ledger's entry of an input that a test makes up: its name stands for its content. */
export function ledgerEntry(name: string, given: Partial<LedgerEntry> = {}): LedgerEntry {
  return { name, sha256: name, size: 1, ...given };
}
