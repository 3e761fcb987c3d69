import { type ReactNode, useCallback, useEffect, useState } from 'react';
import './toast.css';

/** A short message: the current one, and a function to show one. */
export function useToast(): readonly [ReactNode, (text: string) => void] {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    if (text === null) return;
    const timer = setTimeout(() => setText(null), 2200);
    return () => clearTimeout(timer);
  }, [text]);
  const shown =
    text === null ? null : (
      <div className="toast ellipsis" role="status">
        {text}
      </div>
    );
  return [shown, useCallback((said: string) => setText(said), [])];
}
