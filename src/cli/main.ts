#!/usr/bin/env node
import { PeepholeError } from '../model/errors.ts';
import { reportError, runCommand } from './run-command.ts';

// A reader such as `head` closes the pipe early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  reportError(new PeepholeError('output_failed', `The output could not be written: ${error.message}`));
  process.exit(1);
});
process.stderr.on('error', () => process.exit(1));

process.exitCode = await runCommand(process.argv.slice(2));
