import { type ReactNode, useState } from 'react';
import { copyText } from '../parts/clipboard.ts';
import { CodeText } from '../parts/code-text.tsx';
import { AddFiles } from '../uploads/add-files.tsx';
import { type IngestMethod, ingestMethods } from './ingest-methods.ts';
import './ingest-methods-list.css';

/** How flow logs come in: files, and a command for each other way. */
export function IngestMethodsList(props: { readonly title: string; readonly readOnly: boolean }): ReactNode {
  return (
    <section className="ways" aria-labelledby="ways-title">
      <h1 id="ways-title">{props.title}</h1>
      {props.readOnly ? (
        <p>The store of this server is read-only: start a server that can write to its store.</p>
      ) : (
        <>
          <div className="ways-files">
            <div>
              <h2>Files from this computer</h2>
              <p>
                Drop them anywhere on this page, or pick them: text, gzip, zstd, JSON, CSV, Parquet, in
                folders, zip or tar.
              </p>
            </div>
            <AddFiles />
          </div>
          <p>
            Or run one of these beside the server. If it was started with{' '}
            <code className="code-text">--store</code> or options that begin with{' '}
            <code className="code-text">--engine</code>, give the command the same; what comes in appears here
            by itself.
          </p>
          <ul className="ways-list">
            {ingestMethods.map((way) => (
              <WayIn key={way.title} way={way} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function WayIn({ way: { title, command, needs } }: { readonly way: IngestMethod }): ReactNode {
  const [said, say] = useState('Copy');
  return (
    <li>
      <h2>{title}</h2>
      <div className="ways-command">
        <code>
          {command.split(' ').map((word, at) => (
            // Do not break options at hyphens.
            <span key={at}>{at === 0 ? word : ` ${word}`}</span>
          ))}
        </code>
        <button
          type="button"
          aria-label={`${said}: the command for ${title}`}
          onClick={() => void copyText(command).then((done) => say(done ? 'Copied' : 'Blocked'))}
          onBlur={() => say('Copy')}
        >
          {said}
        </button>
      </div>
      <p>
        <CodeText text={needs} />
      </p>
    </li>
  );
}
