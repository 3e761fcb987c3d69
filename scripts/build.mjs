// npm run build, and before npm pack: installs what is missing and builds dist/.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, ensureInstalled, root } from './steps.mjs';

ensureInstalled();
rmSync(join(root, 'dist'), { recursive: true, force: true });
build();
