import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';

/** The width of a side panel, and whether it is open. */
export interface Panel {
  readonly width: number;
  readonly open: boolean;
}

export type Side = 'left' | 'right';
export type Panels = Readonly<Record<Side, Panel>>;

export const panelWidths = { least: 150, most: 460 } as const;

/** The pinboard grows with the window, since it shows addresses with their names. */
export function defaultWidth(side: Side): number {
  if (side === 'left') return 200;
  return Math.round(Math.max(224, Math.min(330, 276 + 0.2 * (window.innerWidth - 1440))));
}

const KEY = 'peephole-panels';

/** Below this width the panels cover the chart, one at a time (explorer.css). */
const narrow = window.matchMedia('(max-width: 820px)');

/**
 * The side panels; their state is remembered in this browser. In a narrow window they are drawers: closed until
 * opened, and closed again after a selection (`shut`).
 */
export function usePanels(): {
  readonly panels: Panels;
  readonly change: (side: Side, part: Partial<Panel>) => void;
  readonly shut: () => void;
} {
  const [wide, setWide] = useState(remembered);
  const [drawer, setDrawer] = useState<Side | null>(null);
  const isNarrow = useSyncExternalStore(whenNarrow, () => narrow.matches);
  const change = useCallback((side: Side, part: Partial<Panel>) => {
    if (narrow.matches) {
      if (part.open !== undefined) setDrawer(part.open ? side : null);
      return;
    }
    setWide((now) => {
      const next = { ...now, [side]: { ...now[side], ...part } };
      remember(next);
      return next;
    });
  }, []);
  const panels = useMemo(
    () =>
      isNarrow
        ? {
            left: { ...wide.left, open: drawer === 'left' },
            right: { ...wide.right, open: drawer === 'right' },
          }
        : wide,
    [isNarrow, wide, drawer],
  );
  return { panels, change, shut: useCallback(() => setDrawer(null), []) };
}

function whenNarrow(listener: () => void): () => void {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
}

export function clampWidth(width: number): number {
  return Math.round(Math.max(panelWidths.least, Math.min(panelWidths.most, width)));
}

/** In a small window the pinboard starts closed. */
function usual(): Panels {
  return {
    left: { width: defaultWidth('left'), open: true },
    right: { width: defaultWidth('right'), open: window.innerWidth >= 1200 },
  };
}

function remembered(): Panels {
  const otherwise = usual();
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? 'null');
    return {
      left: panelOf(stored, 'left') ?? otherwise.left,
      right: panelOf(stored, 'right') ?? otherwise.right,
    };
  } catch {
    return otherwise;
  }
}

function panelOf(stored: unknown, side: Side): Panel | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const panel = (stored as Readonly<Record<string, Partial<Panel> | undefined>>)[side];
  if (typeof panel?.width !== 'number' || typeof panel.open !== 'boolean') return null;
  return { width: clampWidth(panel.width), open: panel.open };
}

function remember(panels: Panels): void {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(panels));
  } catch {
    // Storage may be forbidden; the state then lasts as long as the page.
  }
}
