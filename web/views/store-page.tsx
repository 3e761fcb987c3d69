import { useQueryClient } from '@tanstack/react-query';
import { type ComponentProps, type ReactNode, useState } from 'react';
import type { Schema } from '../data/use-schema.ts';
import { CrashGuard } from '../parts/crash-guard.tsx';
import { ProblemPanel, undoActions } from '../parts/problem-panel.tsx';
import { useTitle } from '../parts/use-title.ts';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { StoreProblem, StoreWaitFooter } from './store-wait.tsx';
import { StoreAndZone, TopBar } from './top-bar.tsx';

/** The frame of a page about the whole store, without time range and filters: the top bar, and an error instead of the content. */
export function StorePage(props: {
  /** Null: the database has not answered yet; the page says so. */
  readonly schema: Schema | null;
  readonly place: ComponentProps<typeof TopBar>['place'];
  /** The title of the browser's tab. */
  readonly title: string;
  readonly timezone: string;
  readonly onZone: (timezone: string) => void;
  readonly error: Error | null;
  readonly onRetry: () => void;
  /** After an error while rendering, another key renders the content again. */
  readonly resetKey: string;
  /** Dialogs and messages above the content. */
  readonly overlay: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const { schema, timezone, error } = props;
  const [helping, setHelping] = useState(false);
  const client = useQueryClient();
  useTitle(props.title);
  return (
    <div className="app">
      <TopBar place={props.place}>
        {schema !== null && (
          <StoreAndZone
            schema={schema}
            timezone={timezone}
            at={schema.span?.to ?? 0}
            onZone={props.onZone}
            onHelp={() => setHelping(true)}
            onRefresh={() => void client.refetchQueries()}
          />
        )}
      </TopBar>
      {schema === null && <StoreProblem />}
      <CrashGuard resetKey={props.resetKey}>
        {error !== null ? (
          <main className="center">
            <ProblemPanel error={error} onRetry={props.onRetry} ways={undoActions()} />
          </main>
        ) : (
          props.children
        )}
      </CrashGuard>
      {schema === null && <StoreWaitFooter />}
      {helping && <ShortcutSheet onClose={() => setHelping(false)} />}
      {props.overlay}
    </div>
  );
}
