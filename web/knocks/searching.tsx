import type { ReactNode } from 'react';
import { shortCounted } from '../../src/view/format/numbers.ts';
import { WaitText } from '../parts/wait-text.tsx';

/** Shown while the first investigation runs. */
export function Searching(props: { readonly flows: number }): ReactNode {
  return (
    <main className="center">
      <WaitText>Investigating {shortCounted(props.flows, 'flow')}</WaitText>
    </main>
  );
}
