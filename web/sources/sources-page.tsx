import { type ReactNode, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { Schema } from '../data/use-schema.ts';
import { usePauseSource, useSources } from '../data/use-sources.ts';
import { CrashGuard } from '../parts/crash-guard.tsx';
import { ProblemPanel, undoActions } from '../parts/problem-panel.tsx';
import { useToast } from '../parts/toast.tsx';
import { useTitle } from '../parts/use-title.ts';
import { StoreAndZone, TopBar } from '../views/top-bar.tsx';
import { ShortcutSheet } from '../views/shortcut-sheet.tsx';
import { CoverageSections } from './coverage-sections.tsx';
import { EngineCard } from './engine-card.tsx';
import { SourceCard } from './source-card.tsx';
import { IngestMethodsList } from './ingest-methods-list.tsx';
import { AddFiles } from '../uploads/add-files.tsx';
import './sources-page.css';

/** The Sources page: sources with their states, and the hours with logs. */
export function SourcesPage(props: { readonly schema: Schema }): ReactNode {
  const { schema } = props;
  const { sources, error, retry } = useSources();
  const [timezone, setTimezone] = useState(schema.timezone);
  const [helping, setHelping] = useState(false);
  const [toast, notify] = useToast();
  const pause = usePauseSource(notify);
  const client = useQueryClient();
  useTitle('Sources');
  return (
    <div className="app">
      <TopBar place="sources">
        <StoreAndZone
          schema={schema}
          timezone={timezone}
          at={schema.span?.to ?? 0}
          onZone={setTimezone}
          onHelp={() => setHelping(true)}
          onRefresh={() => void client.refetchQueries()}
        />
      </TopBar>
      <CrashGuard resetKey="sources">
        {error !== null ? (
          <main className="center">
            <ProblemPanel error={error} onRetry={retry} ways={undoActions()} />
          </main>
        ) : (
          <main className="sources">
            {sources !== null && sources.length === 0 ? (
              <IngestMethodsList
                title={schema.flows === 0 ? 'No flows yet' : 'No source is followed'}
                readOnly={schema.readOnly}
              />
            ) : (
              !schema.readOnly && (
                <div className="sources-add">
                  <AddFiles />
                </div>
              )
            )}
            {sources?.map((source) => (
              <SourceCard
                key={source.id}
                source={source}
                timezone={timezone}
                onPause={(paused) => pause(source.id, paused)}
              />
            ))}
            <EngineCard schema={schema} />
            {schema.span !== null && <CoverageSections schema={schema} span={schema.span} />}
          </main>
        )}
      </CrashGuard>
      {helping && <ShortcutSheet onClose={() => setHelping(false)} />}
      {toast}
    </div>
  );
}
