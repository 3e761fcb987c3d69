import { createContext, useContext } from 'react';
import type { MeasureName } from '../../src/model/catalog/measure-expression.ts';
import type { ExplainTarget } from '../state/explain-request.ts';
import type { Drop } from '../state/drop.ts';
import type { Step } from '../../src/view/filters.ts';
import type { View } from '../../src/view/view.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import type { Schema } from './use-schema.ts';

/** A filter that is being edited and not yet applied. */
export type Pending =
  | {
      readonly kind: 'field';
      readonly field: string;
      /** The view that the filter will be added to. */
      readonly leaves: View;
    }
  | { readonly kind: 'measure'; readonly measure: MeasureName };

/** Menus that keys open. */
export type OpenMenu = 'time' | 'filter' | 'split' | 'measure' | 'views' | null;

/** Modal dialogs. */
export type OpenDialog = 'help' | 'export' | 'lookups' | null;

/** Shared state and actions of the explorer. */
export interface Explorer {
  readonly schema: Schema;
  readonly view: View;
  /** The range of the view's time, as the engine resolved it; until then an estimate. */
  readonly range: Span;
  /** Whether lists may query with the view's time and filters; false if these are refused. */
  readonly askable: boolean;
  /** Shows another view and makes it a history entry. */
  readonly go: (next: View) => void;
  /** Executes a drop, or the key for the same action. */
  readonly act: (drop: Drop) => void;
  /** Opens the filter menu of a dimension with no values selected. */
  readonly openFilter: (field: string) => void;
  readonly pending: Pending | null;
  readonly setPending: (pending: Pending | null) => void;
  readonly menu: OpenMenu;
  readonly setMenu: (menu: OpenMenu) => void;
  /** Shows the query of a view. */
  readonly showQuery: (view: View) => void;
  /** Opens Explain for flows of a view. */
  readonly explain: (what: ExplainTarget) => void;
  /** Zooms into a time that was brushed, and offers to explain it. */
  readonly zoom: (time: Span) => void;
  readonly openDialog: (dialog: OpenDialog) => void;
  /** The view's query string, as its link carries it. */
  readonly link: string;
  /** Shows the view in a query string, like following its link. */
  readonly open: (link: string) => void;
  /** Shows a short message for a moment. */
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

/** Only the schema, so that its users are not rendered again with every change of the view. */
export function useStoreSchema(): Schema {
  const schema = useContext(schemaContext);
  if (schema === null) throw new Error('This part works only within the explorer.');
  return schema;
}

const nowContext = createContext<() => Explorer>(() => {
  throw new Error('This part works only within the explorer.');
});

export const NowProvider = nowContext.Provider;

/** A getter for event handlers, so that their components are not rendered again with every change. */
export function useExplorerNow(): () => Explorer {
  return useContext(nowContext);
}

/** A cell, mark or row that the user selected, with its parents; the target of actions. */
export interface Selection {
  /** Identifies it among everything that can be selected. */
  readonly key: string;
  readonly steps: readonly Step[];
  /** Its position on the screen; the actions appear above or below. */
  readonly anchor: { readonly x: number; readonly top: number; readonly bottom: number };
  /** Whether it was selected by keyboard, so that the focus moves to the actions. */
  readonly byKey: boolean;
  /** What Copy copies, if not the innermost value. */
  readonly copy?: string;
}

export interface Selecting {
  readonly selection: Selection | null;
  readonly select: (selection: Selection | null) => void;
  /** Whether what is selected is filtered to at once, as on a dashboard, instead of being offered actions. */
  readonly filters?: boolean;
}

const selecting = createContext<Selecting>({ selection: null, select: () => undefined });

export const SelectionProvider = selecting.Provider;

export function useSelection(): Selecting {
  return useContext(selecting);
}
