import type { ReactNode } from 'react';
import type { DocumentKind, StoredDocument } from '../../src/model/document/document.ts';
import { useContentAt } from '../data/use-document-versions.ts';
import { lineDiff } from '../state/line-diff.ts';
import { SmallProblem } from './small-problem.tsx';

/** The difference between a version of a document and what it says now, by lines of the file. */
export function DocumentDiff<Kind extends DocumentKind>(props: {
  readonly kind: Kind;
  readonly document: StoredDocument<Kind>;
  readonly version: number;
}): ReactNode {
  const { id, content } = props.document;
  const { content: before, error } = useContentAt(props.kind, id, props.version);
  if (error !== null) return <SmallProblem error={error} />;
  if (before === null) return null;
  return (
    <pre className="origin-diff" tabIndex={0} aria-label="Changes">
      {lineDiff(fileText(before), fileText(content)).map(({ kind, text }, at) => (
        <span key={at} className={`origin-${kind}`}>
          {kind === 'removed' ? '− ' : kind === 'added' ? '+ ' : '  '}
          {text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}

/** As `peephole … export` writes it. */
export function fileText(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
