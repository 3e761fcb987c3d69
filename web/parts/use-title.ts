import { useEffect } from 'react';

/** The title of the browser's tab while a page is open. */
export function useTitle(page: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = `${page} · Peephole`;
    return () => {
      document.title = before;
    };
  }, [page]);
}
