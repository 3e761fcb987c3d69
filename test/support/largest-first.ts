import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { testLimit, testSize } from './test-needs.ts';

/**
 * Test files with the longest time limit first, then those with the most code, that of their helpers included, so that none of the long ones is left at the end,
 * when the other processes have nothing to do any more. (Vitest knows the size of the file alone, and how long it took the
 * last time, but not in a new clone.)
 */
export class LargestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const ordered = await super.sort(files);
    const projects = [...new Set(ordered.map(({ project }) => project))];
    return projects.flatMap((project) =>
      ordered
        .filter((file) => file.project === project)
        .sort(
          (a, b) =>
            testLimit(b.moduleId) - testLimit(a.moduleId) || testSize(b.moduleId) - testSize(a.moduleId),
        ),
    );
  }
}
