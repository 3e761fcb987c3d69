import { type ReactNode, useState } from 'react';
import type { Schema } from '../data/use-schema.ts';
import { unreadSchema } from '../data/unread-schema.ts';
import { usePauseSource, useSources } from '../data/use-sources.ts';
import { WaitText } from '../parts/wait-text.tsx';
import { useToast } from '../parts/toast.tsx';
import { StorePage } from '../views/store-page.tsx';
import { CoverageSections } from './coverage-sections.tsx';
import { EngineCard } from './engine-card.tsx';
import { SourceCard } from './source-card.tsx';
import { IngestMethodsList } from './ingest-methods-list.tsx';
import { AddFiles } from '../uploads/add-files.tsx';
import './sources-page.css';

/** The Sources page: sources with their states, and the hours with logs. */
export function SourcesPage(props: {
  /** Null: not read yet. */
  readonly schema: Schema | null;
}): ReactNode {
  const { schema } = props;
  const { sources, error, retry } = useSources();
  const [timezone, setTimezone] = useState((schema ?? unreadSchema).timezone);
  const [toast, notify] = useToast();
  const pause = usePauseSource(notify);
  return (
    <StorePage
      schema={schema}
      place="sources"
      title="Sources"
      timezone={timezone}
      onZone={setTimezone}
      error={error}
      onRetry={retry}
      resetKey="sources"
      overlay={toast}
    >
      <main className="page page-column sources">
        {(schema === null || sources?.length !== 0) && <h1 className="visually-hidden">Sources</h1>}
        {sources === null && <WaitText>Reading the sources …</WaitText>}
        {schema === null ? (
          sources?.length === 0 && <p className="soft">No source is followed.</p>
        ) : sources?.length === 0 ? (
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
        {schema !== null && <EngineCard schema={schema} />}
        {schema !== null && schema.span !== null && <CoverageSections schema={schema} span={schema.span} />}
      </main>
    </StorePage>
  );
}
