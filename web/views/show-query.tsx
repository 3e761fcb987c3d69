import type { ReactNode } from 'react';
import { formatQuery } from '../../src/model/query/format-query.ts';
import type { Query } from '../../src/model/query/query.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { copyText } from '../parts/clipboard.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useSql } from '../data/use-sql.ts';
import { commandLine, compactJson } from '../state/command-line.ts';
import '../parts/controls.css';
import '../parts/panel.css';

/** The query behind the chart, to take elsewhere. */
export function ShowQuery(props: { readonly query: Query; readonly onClose: () => void }): ReactNode {
  const json = formatQuery(props.query);
  const sql = useSql(json);
  return (
    <Dialog title="Query" onClose={props.onClose}>
      {sql !== null && <Part title="SQL (peephole sql)" text={sql} />}
      <Part title="JSON (POST /api/v1/query)" text={compactJson(json)} />
      <Part title="Command line (add --store for another store)" text={commandLine(json)} />
    </Dialog>
  );
}

function Part(props: { readonly title: string; readonly text: string }): ReactNode {
  const { notify } = useExplorer();
  return (
    <section>
      <div className="dialog-part">
        <span>{props.title}</span>
        <button
          type="button"
          className="button"
          onClick={() =>
            void copyText(props.text).then((done) => notify(done ? 'Copied' : 'The browser blocked copying'))
          }
        >
          Copy
        </button>
      </div>
      <pre className="code">{props.text}</pre>
    </section>
  );
}
