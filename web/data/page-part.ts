import type { ComponentType } from 'react';
import { PART_MISSING, Problem } from './request-problem.ts';

/**
 * A component of a module that is loaded when it is first shown, for `lazy`. Rejects with a `Problem` if the module or
 * its styles can't be loaded: the server is gone, or is another version, which has other files.
 */
export async function part<Name extends string, Props>(
  loading: Promise<Readonly<Record<Name, ComponentType<Props>>>>,
  name: Name,
): Promise<{ readonly default: ComponentType<Props> }> {
  try {
    return { default: (await loading)[name] };
  } catch {
    const title = 'This part of the page can’t be loaded';
    throw new Problem({ code: PART_MISSING, title, detail: `${name} can’t be loaded.` });
  }
}
