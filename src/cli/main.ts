#!/usr/bin/env node
import { join } from 'node:path';
import process from 'node:process';
import { openCode } from './compiled-code.js';

// The only program of cpybuild's that is CommonJS: Node loads modules of its own twice as fast for it.
const lib = join(import.meta.dirname, '../..');
const code = openCode(join(lib, 'compiled'));
const { runProcess } = code.load(join(lib, 'src/cli/process.cjs')) as typeof import('./process.js');
runProcess().then((exitCode) => {
	process.exitCode = exitCode;
	code.keep();
});
