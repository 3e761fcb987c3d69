import { createContext, useContext } from 'react';
import type { MeasureName } from '../../src/model/catalog/measure-expression.ts';
import type { ExplainTarget } from '../state/explain-request.ts';
import type { Drop } from '../state/drop.ts';
import type { Step } from '../../src/view/filters.ts';
import type { View } from '../../src/view/view.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import type { Schema } from './use-schema.ts';

/** A filter that is being made and applies to nothing yet. */
export type Pending =
  | {
      readonly kind: 'field';
      readonly field: string;
      /** The view that the filter will be added to. */
      readonly leaves: View;
    }
  | { readonly kind: 'measure'; readonly measure: MeasureName };

/** The menus of the question that keys open. */
export type OpenMenu = 'time' | 'filter' | 'split' | 'measure' | 'views' | null;

/** The dialogs that lie over everything. */
export type OpenDialog = 'help' | 'export' | 'lookups' | null;

/** What every part of the explorer may need. */
export interface Explorer {
  readonly schema: Schema;
  readonly view: View;
  /** What the view's time means: as the engine resolved it, or about so until it has. */
  readonly range: Span;
  /** Whether others may ask under the view's time and filters too: what is refused is asked but once. */
  readonly askable: boolean;
  /** Shows another view and makes it a history entry. */
  readonly go: (next: View) => void;
  /** Does what a drop or its key means. */
  readonly act: (drop: Drop) => void;
  /** Opens the filter menu of a dimension, with nothing chosen. */
  readonly openFilter: (field: string) => void;
  readonly pending: Pending | null;
  readonly setPending: (pending: Pending | null) => void;
  readonly menu: OpenMenu;
  readonly setMenu: (menu: OpenMenu) => void;
  /** Shows the query of a view. */
  readonly showQuery: (view: View) => void;
  /** Shows what makes flows of a view differ from the others. */
  readonly explain: (what: ExplainTarget) => void;
  /** Zooms into a time that was brushed, and offers to explain it. */
  readonly zoom: (time: Span) => void;
  readonly openDialog: (dialog: OpenDialog) => void;
  /** The view's query string, as its link carries it. */
  readonly link: string;
  /** Shows what a query string holds, as if its link had been followed. */
  readonly open: (link: string) => void;
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

const schemaContext = createContext<Schema | null>(null);

export const SchemaProvider = schemaContext.Provider;

/** The schema alone: what needs no more is not drawn again with every change of the view. */
export function useStoreSchema(): Schema {
  const schema = useContext(schemaContext);
  if (schema === null) throw new Error('This part works only within the explorer.');
  return schema;
}

const nowContext = createContext<() => Explorer>(() => {
  throw new Error('This part works only within the explorer.');
});

export const NowProvider = nowContext.Provider;

/** Gives the explorer as it is when something happens, to parts that need not be drawn again until then. */
export function useExplorerNow(): () => Explorer {
  return useContext(nowContext);
}

/** A cell, mark or row that the user chose, with its parents: what its actions act on. */
export interface Selection {
  /** Tells it from everything else that can be chosen. */
  readonly key: string;
  readonly steps: readonly Step[];
  /** Where it is on the screen: the actions stand above or below. */
  readonly anchor: { readonly x: number; readonly top: number; readonly bottom: number };
  /** Whether it was chosen by keyboard, so that the focus moves to the actions. */
  readonly byKey: boolean;
  /** What Copy copies, if not the innermost value. */
  readonly copy?: string;
}

export interface Selecting {
  readonly selection: Selection | null;
  readonly select: (selection: Selection | null) => void;
}

const selecting = createContext<Selecting>({ selection: null, select: () => undefined });

export const SelectionProvider = selecting.Provider;

export function useSelection(): Selecting {
  return useContext(selecting);
}
