import type { Locator, Page } from 'playwright-core';

/** Whether the rows that a table draws below those in sight, once these are painted, are there too. */
const ROWS_DRAWN = `[...document.querySelectorAll('[role=treegrid]')].every((table) => {
  const last = table.querySelector('.table-body').lastElementChild;
  if (last === null) return false;
  const below = last.getBoundingClientRect().bottom - table.getBoundingClientRect().bottom;
  return last.id.endsWith('-' + (Number(table.dataset.rows) - 1)) || below >= 5 * Number(table.dataset.rowHeight);
})`;

/** The page as its user sees it: what can be read, and what can be clicked. */
export class Screen {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Shows another link of the explorer, as the browser's history does: without loading the page again. */
  async follow(search: string): Promise<void> {
    await this.page.evaluate(
      `history.pushState('view', '', ${JSON.stringify(search)}); window.dispatchEvent(new PopStateEvent('popstate'));`,
    );
  }

  /** Waits until the chart belongs to the question. */
  async settled(): Promise<void> {
    const { page } = this;
    await page.locator('.total b').first().filter({ hasText: /\S/ }).waitFor();
    await page.locator('.stale').first().waitFor({ state: 'detached' });
    await page.locator('.app[aria-busy=false]').waitFor();
  }

  /** A figure of the header as it reads, without the thin space before its unit. */
  async total(label: string): Promise<string> {
    await this.settled();
    const text = await this.page.locator('.total', { hasText: label }).locator('b').innerText();
    return text.replaceAll('\u202f', ' ');
  }

  /** The rows of the table, each as the texts of its cells; without places, which come when they come. */
  async rows(): Promise<string[][]> {
    await this.settled();
    await this.page.waitForFunction(ROWS_DRAWN);
    // One round trip, however many rows there are.
    const rows = await this.page.evaluate<string[][]>(
      `[...document.querySelectorAll('[role=treegrid] .row')].map((row) =>
        [...row.children].map((cell) => {
          const copy = cell.cloneNode(true);
          for (const place of copy.querySelectorAll('.place')) place.remove();
          return copy.textContent;
        }))`,
    );
    return rows.map((row) => row.map((text) => text.replaceAll('\u202f', ' ').trim()));
  }

  row(text: string): Locator {
    return this.page.locator('[role=treegrid] .row', { hasText: text }).first();
  }

  /** The texts of pills; without places, as the rows. */
  async pills(kind: 'filter' | 'split'): Promise<string[]> {
    const pills = await this.page.locator(`.pill-${kind} .pill-main`).all();
    const texts = pills.map(async (pill) => {
      const [text, places] = await Promise.all([pill.innerText(), pill.locator('.place').allInnerTexts()]);
      return places.reduce((rest, place) => rest.replace(place, ''), text).replace(/\s+/g, ' ');
    });
    return Promise.all(texts);
  }

  /** The quick split of a dimension in the list: one click. */
  async splitBy(label: string): Promise<void> {
    const row = this.page.locator('.dim', { has: this.page.getByText(label, { exact: true }) });
    await row.hover();
    await row.getByLabel(`Split by ${label}`).click();
    await this.settled();
  }

  /** A dimension in the list. */
  dim(label: string): Locator {
    return this.page.locator('.dim', { has: this.page.getByText(label, { exact: true }) });
  }

  pill(label: string): Locator {
    return this.page.locator('.pill', { has: this.page.getByTitle(label, { exact: true }) });
  }

  /** Drags by mouse; `to`: where in the target, in pixels (its middle if absent). */
  async drag(
    source: Locator,
    target: Locator,
    to?: { readonly x: number; readonly y: number },
  ): Promise<void> {
    await source.dragTo(target, {
      sourcePosition: { x: 20, y: 12 },
      ...(to === undefined ? {} : { targetPosition: to }),
    });
    await this.settled();
  }

  /** The menu of a dimension in the list. */
  async dimension(label: string, action: string): Promise<void> {
    await this.page.locator('.dim-name').getByText(label, { exact: true }).click();
    await this.page.getByRole('menuitem', { name: action }).click();
  }

  /** Selects a row of the table and takes an action of its bubble. */
  async select(row: string, action: string): Promise<void> {
    await this.row(row).click({ position: { x: 40, y: 13 } });
    await this.page.locator('.bubble').getByText(action, { exact: true }).click();
  }

  async pick(label: string): Promise<void> {
    await this.page.locator('.popup').getByRole('option', { name: label, exact: true }).click();
  }

  async footer(): Promise<string> {
    await this.settled();
    return this.page.locator('.foot').innerText();
  }
}
