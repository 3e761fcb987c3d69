import type { ReactNode } from 'react';
import { commands, sheet } from '../gestures/shortcuts.ts';
import { Dialog } from '../parts/dialog.tsx';
import './shortcut-sheet.css';

/** Every key and gesture, on one sheet. */
export function ShortcutSheet(props: { readonly onClose: () => void }): ReactNode {
  const anywhere = {
    title: 'Anywhere',
    rows: [
      ...commands.map(({ key, does }) => [key, does] as const),
      ['1 – 8', 'Totals, table, lines, … in their order'] as const,
    ],
  };
  return (
    <Dialog title="Keyboard shortcuts" onClose={props.onClose}>
      <div className="sheet">
        {[anywhere, ...sheet].map(({ title, rows }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map(([keys, does]) => (
                <div key={keys}>
                  <dt>
                    <kbd>{keys}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
