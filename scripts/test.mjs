// npm test: sets everything up, then runs every test that needs no other server.
import { ensureBrowser } from './browser.mjs';
import { ensureBuilt, ensureInstalled, tool } from './steps.mjs';

ensureInstalled();
ensureBuilt();
ensureBrowser();
tool('vitest', ['run', ...process.argv.slice(2)]);
