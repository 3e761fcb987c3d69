import { type ReactNode, Suspense, lazy, useEffect, useState, useSyncExternalStore } from 'react';
import { part } from '../data/page-part.ts';
import type { Schema } from '../data/use-schema.ts';
import { CrashGuard } from '../parts/crash-guard.tsx';
import { useToast } from '../parts/toast.tsx';
import { droppedFiles, holdsFiles } from './chosen-files.ts';
import { useUploadQueue } from './uploads-context.ts';
import './drop-zone.css';

// Loaded separately: the page opens without it.
const UploadPanel = lazy(() => part(import('./upload-panel.tsx'), 'UploadPanel'));

/** Takes files that are dropped anywhere on the page, and shows their progress. */
export function DropZone(props: { readonly schema: Schema | null }): ReactNode {
  const queue = useUploadQueue();
  const state = useSyncExternalStore(queue.subscribe, queue.state);
  const [over, setOver] = useState(false);
  const [toast, notify] = useToast();
  const readOnly = props.schema?.readOnly === true;
  useEffect(() => {
    const ending = new AbortController();
    const on = (
      kind: 'dragenter' | 'dragover' | 'dragleave' | 'drop',
      act: (event: DragEvent) => void,
    ): void =>
      window.addEventListener(
        kind,
        (event) => {
          // Items dragged within the page have other drop targets.
          if (holdsFiles(event.dataTransfer)) act(event);
        },
        { signal: ending.signal },
      );
    on('dragenter', (event) => {
      event.preventDefault();
      setOver(true);
    });
    on('dragover', (event) => {
      // Otherwise the browser would open the file instead of the page.
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = readOnly ? 'none' : 'copy';
    });
    on('dragleave', ({ relatedTarget }) => {
      if (relatedTarget === null) setOver(false);
    });
    on('drop', (event) => {
      event.preventDefault();
      setOver(false);
      if (readOnly || event.dataTransfer === null) return;
      droppedFiles(event.dataTransfer).then(
        (chosen) => (chosen.files.length === 0 ? notify('It contains no files') : queue.add(chosen)),
        () => notify('The browser can’t read what was dropped'),
      );
    });
    return () => ending.abort();
  }, [queue, readOnly, notify]);
  return (
    <>
      {over && (
        <div className="drop-zone">
          <div>
            <b>{readOnly ? 'This store is read-only' : 'Drop to read these files'}</b>
            <span>
              {readOnly
                ? 'No files can be added.'
                : 'Flow logs as text, gzip, zstd, JSON, CSV or Parquet, in folders, zip or tar. Files that are already in the store are skipped.'}
            </span>
          </div>
        </div>
      )}
      {state !== null && (
        <CrashGuard resetKey="" renderProblem={(problem) => <div className="drop-problem">{problem}</div>}>
          <Suspense fallback={null}>
            <UploadPanel state={state} queue={queue} schema={props.schema} />
          </Suspense>
        </CrashGuard>
      )}
      {toast}
    </>
  );
}
