#!/usr/bin/env node
// DuckDB's statements and the reading of files share the threads of libuv's pool, four unless told otherwise. The pool
// is made when first used, which for a module is before its first line: so it is told here.
// The listener has one file to write, and stays small.
process.env.UV_THREADPOOL_SIZE ??= process.argv[2] === 'listen' ? '2' : '16';
// Which versions of Node the AWS SDK will take next year is nothing that users of this program can act on.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// Node 22 and later keep what they compiled, in the folder for temporary files: the next start is faster.
require('node:module').enableCompileCache?.();
import('../dist/cli/main.js');
