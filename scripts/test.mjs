// npm test: runs every test that needs no other server, or those that are named. What they need (the built program, a
// browser) is set up by the projects in vitest.config.ts.
import { ensureInstalled, tool } from './steps.mjs';

ensureInstalled();
tool('vitest', ['run', ...process.argv.slice(2)]);
