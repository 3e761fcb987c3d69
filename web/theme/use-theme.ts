import { useEffect, useState } from 'react';

type Theme = 'light' | 'dark';

const KEY = 'peephole-theme';

/** The current theme, and a function to switch it. It follows the system until the user switches; that is remembered. */
export function useTheme(): { readonly theme: Theme; readonly toggle: () => void } {
  const [chosen, setChosen] = useState<Theme | null>(remembered);
  const [system, setSystem] = useState<Theme>(systemTheme);

  useEffect(() => {
    const media = window.matchMedia('(prefers-color-scheme: dark)');
    const follow = (): void => setSystem(systemTheme());
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, []);

  const theme = chosen ?? system;
  return {
    theme,
    toggle: () => {
      const next = theme === 'dark' ? 'light' : 'dark';
      remember(next);
      applyTheme(next);
      setChosen(next);
    },
  };
}

/** Applies the remembered theme; called before the first paint. */
export function applyTheme(theme: Theme | null = remembered()): void {
  if (theme !== null) document.documentElement.dataset['theme'] = theme;
}

function systemTheme(): Theme {
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Storage may be forbidden; the toggle then lasts as long as the page. */
function remembered(): Theme | null {
  try {
    const theme = window.localStorage.getItem(KEY);
    return theme === 'light' || theme === 'dark' ? theme : null;
  } catch {
    return null;
  }
}

function remember(theme: Theme): void {
  try {
    window.localStorage.setItem(KEY, theme);
  } catch {
    // See remembered().
  }
}
