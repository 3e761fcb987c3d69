import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built page: beside the compiled program, or in dist/ when the program runs from its sources. */
export function pageFolder(): string | null {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = [join(here, '..', 'web'), join(here, '..', '..', 'dist', 'web')];
  return places.find((place) => existsSync(join(place, 'index.html'))) ?? null;
}
