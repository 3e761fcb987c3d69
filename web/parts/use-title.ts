import { useEffect } from 'react';
import { safeText } from '../../src/model/safe-text.ts';

/** The title of the browser's tab while a page is open. */
export function useTitle(page: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = `${safeText(page)} · Peephole`;
    return () => {
      document.title = before;
    };
  }, [page]);
}
