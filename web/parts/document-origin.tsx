import { type ReactNode, useState } from 'react';
import type { DocumentKind, DocumentProblem, StoredDocument } from '../../src/model/document/document.ts';
import { saveFile } from '../data/download.ts';
import { useDocumentProblems, useOriginal } from '../data/use-document-folder.ts';
import { lineDiff } from '../state/line-diff.ts';
import { Dialog } from './dialog.tsx';
import './document-origin.css';

/** The origin of a document, its changes, and buttons to export it and to restore the original. */
export function DocumentOrigin<Kind extends DocumentKind>(props: {
  readonly kind: Kind;
  readonly document: StoredDocument<Kind>;
  readonly readOnly: boolean;
  readonly onRestore: () => void;
}): ReactNode {
  const { kind, document } = props;
  const { id, content, original } = document;
  const [comparing, setComparing] = useState(false);
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
          <button type="button" className="link" onClick={() => setComparing(true)}>
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
      {problem !== undefined && <ProblemText problem={problem} />}
      {comparing && <Changes kind={kind} document={document} onClose={() => setComparing(false)} />}
    </div>
  );
}

/** Invalid files in the folders of these kinds, and files in no folder of a kind. */
export function DocumentProblems(props: { readonly kinds: readonly DocumentKind[] }): ReactNode {
  const problems = useDocumentProblems().filter(({ file }) => {
    const kind = /([^/\\]+)[/\\][^/\\]+\.json$/.exec(file)?.[1] ?? '';
    return (
      !['views', 'alerts', 'dashboards', 'measures'].includes(kind) ||
      props.kinds.some((each) => each === kind)
    );
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

/** The difference between the document and its original, by lines of the file. */
function Changes<Kind extends DocumentKind>(props: {
  readonly kind: Kind;
  readonly document: StoredDocument<Kind>;
  readonly onClose: () => void;
}): ReactNode {
  const { id, content, original } = props.document;
  const { content: before, error } = useOriginal(props.kind, id);
  return (
    <Dialog title={`Changes against ${original?.file ?? 'the original'}`} onClose={props.onClose}>
      {error !== null && <p className="hint hint-bad">{error.message}</p>}
      {before !== null && (
        <pre className="origin-diff" tabIndex={0} aria-label="Changes">
          {lineDiff(fileText(before), fileText(content)).map(({ kind, text }, at) => (
            <span key={at} className={`origin-${kind}`}>
              {kind === 'removed' ? '− ' : kind === 'added' ? '+ ' : '  '}
              {text}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </Dialog>
  );
}

/** As `peephole … export` writes it. */
function fileText(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
