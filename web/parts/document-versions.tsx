import { type ReactNode, useState } from 'react';
import type { DocumentContents, DocumentKind, StoredDocument } from '../../src/model/document/document.ts';
import { useContentAt, useDocumentVersions } from '../data/use-document-versions.ts';
import { formatStamp } from '../../src/view/format/times.ts';
import { Dialog } from './dialog.tsx';
import { DocumentDiff } from './document-diff.tsx';
import { SmallProblem } from './small-problem.tsx';

/** The versions of a document: what has changed since each, and a button to go back to it. */
export function DocumentVersions<Kind extends DocumentKind>(props: {
  readonly kind: Kind;
  readonly document: StoredDocument<Kind>;
  readonly timezone: string;
  /** Null: nothing can be saved. */
  readonly onRestore: ((content: DocumentContents[Kind]) => void) | null;
  readonly onClose: () => void;
}): ReactNode {
  const { kind, document } = props;
  const { versions, error } = useDocumentVersions(kind, document.id);
  const [shown, setShown] = useState<number | null>(null);
  return (
    <Dialog title={`Versions of ${document.content.name}`} onClose={props.onClose}>
      {error !== null && <SmallProblem error={error} />}
      <ol className="versions">
        {versions?.map(({ version, changed_at: at, deleted }) => (
          <li key={version}>
            <div className="versions-line">
              <b>Version {version}</b>
              <span className="soft">
                {formatStamp(Date.parse(at), props.timezone)}
                {deleted && ', deleted'}
              </span>
              <span className="grow" />
              {version === document.version ? (
                <span className="soft">current</span>
              ) : (
                !deleted && (
                  <>
                    <button
                      type="button"
                      className="link"
                      aria-expanded={shown === version}
                      onClick={() => setShown(shown === version ? null : version)}
                    >
                      Changes since
                    </button>
                    {props.onRestore !== null && (
                      <RestoreButton
                        kind={kind}
                        id={document.id}
                        version={version}
                        onRestore={props.onRestore}
                      />
                    )}
                  </>
                )
              )}
            </div>
            {shown === version && <DocumentDiff kind={kind} document={document} version={version} />}
          </li>
        ))}
      </ol>
    </Dialog>
  );
}

function RestoreButton<Kind extends DocumentKind>(props: {
  readonly kind: Kind;
  readonly id: string;
  readonly version: number;
  readonly onRestore: (content: DocumentContents[Kind]) => void;
}): ReactNode {
  const { content } = useContentAt(props.kind, props.id, props.version);
  return (
    <button
      type="button"
      className="link"
      disabled={content === null}
      aria-label={`Restore version ${props.version}`}
      onClick={() => content !== null && props.onRestore(content)}
    >
      Restore
    </button>
  );
}
