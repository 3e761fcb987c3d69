// npm test: runs the tests that need no other server and do not take long, or those that are named. What they need (the built program, a
// browser) is set up by test/support/set-up-needs.ts.
import { ensureInstalled, tool } from './steps.mjs';

ensureInstalled();
tool('vitest', ['run', ...process.argv.slice(2)]);
