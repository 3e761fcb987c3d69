import type { WithState } from './finding-state.ts';
import type { FindingKind } from './finding-kinds.ts';

/** A finding of which a state is kept, without what an investigation says of it now. */
export interface KeptFinding extends WithState {
  readonly id: string;
  readonly kind: FindingKind;
  readonly score: number;
  readonly summary: string;
  readonly first_seen: string;
  readonly last_seen: string;
}
