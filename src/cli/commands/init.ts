import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { initProject } from '../../init.js';
import type { ArgumentsOf } from '../options.js';
import { shownPath } from '../summary.js';
import type { Terminal } from '../terminal.js';

/** `cpybuild init`: writes a starter project and says how to go on. */
export async function runInit({ operand, flags }: ArgumentsOf<'init'>, terminal: Terminal): Promise<number> {
	const { written, kept } = await initProject(operand, { force: flags.force });
	const folder = shownPath(resolve(terminal.cwd, operand), terminal.cwd);
	const lines = [
		...written.map((path) => `wrote ${folder === '.' ? '' : `${folder}/`}${path}`),
		...kept.map((path) => `kept  ${folder === '.' ? '' : `${folder}/`}${path}`),
		'',
		'Next:',
		...(folder === '.' ? [] : [`  cd ${folder}`]),
		...(existsSync(join(operand, 'node_modules/cpybuild')) ? [] : ['  npm install --save-dev cpybuild']),
		'  npx cpybuild build',
		'  npx cpybuild run dist --host host.ts --dir .::/work:ro -- /work/hello.py',
		'',
	];
	terminal.stdout.write(lines.join('\n'));
	return 0;
}
