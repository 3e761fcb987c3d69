import { createContext, useContext } from 'react';
import type { View } from '../state/view.ts';
import type { Span } from '../time/buckets.ts';
import type { Schema } from './schema.ts';

/** What every part of the explorer may need. */
export interface Explorer {
  readonly schema: Schema;
  readonly view: View;
  /** What the view's time means: as the engine resolved it, or about so until it has. */
  readonly range: Span;
  /** Shows another view and makes it a history entry. */
  readonly go: (next: View) => void;
  /** Opens the filter menu of a dimension, with nothing chosen. */
  readonly openFilter: (field: string) => void;
  /** Says something small for a moment. */
  readonly notify: (text: string) => void;
}

const context = createContext<Explorer | null>(null);

export const ExplorerProvider = context.Provider;

export function useExplorer(): Explorer {
  const explorer = useContext(context);
  if (explorer === null) throw new Error('This part works only within the explorer.');
  return explorer;
}
