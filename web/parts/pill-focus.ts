/** The pills of a row and the button that adds one, as the keyboard goes through them. */
export function pillsIn(row: Element): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>('.pill-main, .pill-add')];
}

/** Puts the focus on one of them after the row is rendered again, so that it is not lost. */
export function focusPill(row: Element, at: number): void {
  requestAnimationFrame(() => {
    const pills = pillsIn(row);
    pills[Math.max(0, Math.min(at, pills.length - 1))]?.focus();
  });
}

/** The same, unless something else has the focus by then: a click elsewhere closes a panel too. */
export function focusPillIfLost(row: Element, at: number): void {
  requestAnimationFrame(() => {
    if (document.activeElement === null || document.activeElement === document.body) focusPill(row, at);
  });
}
