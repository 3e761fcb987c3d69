import { useEffect, useState } from 'react';
import type { DashboardContent } from '../../src/model/dashboard/dashboard.ts';
import { forgetUnsaved, unsavedOf } from '../data/edited-tile.ts';
import type { DashboardDocument } from '../data/use-dashboards.ts';

/** A dashboard in edit mode: nothing is saved before Save. */
export interface Editing {
  /** Null: not in edit mode. */
  readonly draft: DashboardContent | null;
  /** The version that is being changed. */
  readonly version: number;
  readonly canUndo: boolean;
  readonly begin: () => void;
  readonly change: (part: Partial<DashboardContent>) => void;
  readonly undo: () => void;
  readonly end: () => void;
}

export function useEditing(document: DashboardDocument): Editing {
  /** Its content before each change, and now; empty: not in edit mode. */
  const [unsaved] = useState(() => unsavedOf(document.id));
  const [drafts, setDrafts] = useState<readonly DashboardContent[]>(unsaved?.drafts ?? []);
  const [version, setVersion] = useState(unsaved?.version ?? document.version);
  useEffect(() => forgetUnsaved(document.id), [document.id]);
  return {
    draft: drafts.at(-1) ?? null,
    version,
    canUndo: drafts.length > 1,
    begin: () => {
      setVersion(document.version);
      setDrafts([document.content]);
    },
    change: (part) => setDrafts((all) => [...all, { ...(all.at(-1) ?? document.content), ...part }]),
    undo: () => setDrafts((all) => (all.length > 1 ? all.slice(0, -1) : all)),
    end: () => setDrafts([]),
  };
}
