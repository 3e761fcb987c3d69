import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Until nothing fades in any more: its colours would be those of one moment. */
const endsOfAnimations = `Promise.allSettled(document.getAnimations()
  .filter((each) => each.playState === 'running' && each.effect.getComputedTiming().endTime !== Infinity)
  .map((each) => each.finished)).then(() => undefined)`;

/** What axe holds for less, and still must not be. */
const minor = ['landmark-unique', 'empty-table-header', 'page-has-heading-one'];

/**
 * What axe finds that is serious or critical, or of `minor`, in words; `within`: only in what this selector finds, which must be
 * something. It is evaluated by the debugger, so that
 * the page's policy stays as it is.
 */
export async function barriers(page: Page, within?: string): Promise<string[]> {
  await page.evaluate(`if (!window.axe) { ${axe.source} }`);
  await page.evaluate(endsOfAnimations);
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>(
    `axe.run(${within === undefined ? 'document' : JSON.stringify(within)}, { resultTypes: ["violations"] })`,
  );
  return violations
    .filter(({ id, impact }) => impact === 'serious' || impact === 'critical' || minor.includes(id))
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`),
    );
}
