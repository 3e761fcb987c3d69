import { type ReactNode, useState } from 'react';
import type {
  DocumentContents,
  DocumentKind,
  DocumentProblem,
  StoredDocument,
} from '../../src/model/document/document.ts';
import { documentKinds } from '../../src/model/document/document.ts';
import { saveFile } from '../data/download.ts';
import { useDocumentProblems } from '../data/use-document-folder.ts';
import { Dialog } from './dialog.tsx';
import { DocumentDiff, fileText } from './document-diff.tsx';
import { DocumentVersions } from './document-versions.tsx';
import './document-origin.css';

/** The origin of a document, its changes, and buttons to export it and to restore the original. */
export function DocumentOrigin<Kind extends DocumentKind>(props: {
  readonly kind: Kind;
  readonly document: StoredDocument<Kind>;
  readonly readOnly: boolean;
  readonly timezone: string;
  readonly onRestore: () => void;
  /** Saves what an earlier version said as the latest one. */
  readonly onPut: (content: DocumentContents[Kind]) => void;
}): ReactNode {
  const { kind, document } = props;
  const { id, content, original, version } = document;
  const [opened, setOpened] = useState<'changes' | 'versions' | null>(null);
  const close = (): void => setOpened(null);
  const problem = useDocumentProblems().find(({ file }) => file === original?.file);
  return (
    <div className="origin">
      {original !== null && (
        <span>
          {original.file === null ? 'Ready-made' : <code>{original.file}</code>}
          {original.changed && ', changed here'}
        </span>
      )}
      {original?.changed === true && (
        <>
          <button type="button" className="link" onClick={() => setOpened('changes')}>
            Show changes
          </button>
          {!props.readOnly && (
            <button type="button" className="link" onClick={props.onRestore}>
              {original.file === null ? 'Restore the original' : 'Reset to the file'}
            </button>
          )}
        </>
      )}
      <button
        type="button"
        className="link"
        title={`${id}.json, as peephole ${kind} import takes it`}
        onClick={() => saveFile(new Blob([fileText(content)], { type: 'application/json' }), `${id}.json`)}
      >
        Download as a file
      </button>
      {version > 1 && (
        <button type="button" className="link" onClick={() => setOpened('versions')}>
          Versions
        </button>
      )}
      {problem !== undefined && <ProblemText problem={problem} />}
      {opened === 'changes' && (
        <Dialog title={`Changes against ${original?.file ?? 'the original'}`} onClose={close}>
          <DocumentDiff kind={kind} document={document} version={0} />
        </Dialog>
      )}
      {opened === 'versions' && (
        <DocumentVersions
          kind={kind}
          document={document}
          timezone={props.timezone}
          onRestore={
            props.readOnly
              ? null
              : (earlier) => {
                  props.onPut(earlier);
                  close();
                }
          }
          onClose={close}
        />
      )}
    </div>
  );
}

/** Invalid files in the folders of these kinds, and files in no folder of a kind. */
export function DocumentProblems(props: { readonly kinds: readonly DocumentKind[] }): ReactNode {
  const problems = useDocumentProblems().filter(({ file }) => {
    const kind = /([^/\\]+)[/\\][^/\\]+\.json$/.exec(file)?.[1] ?? '';
    return !documentKinds.some((each) => each === kind) || props.kinds.some((each) => each === kind);
  });
  return problems.map((problem) => (
    <p key={problem.file} className="origin-problem" role="status">
      <code>{problem.file}</code> <ProblemText problem={problem} />
    </p>
  ));
}

function ProblemText({ problem: { message, kept } }: { readonly problem: DocumentProblem }): ReactNode {
  return (
    <span className="origin-wrong">
      The file can’t be used: {message} {kept ? 'The last valid version stays in use.' : 'It is ignored.'}
    </span>
  );
}
