import { join, resolve } from 'node:path';
import { checkFiles, type WrittenFiles, writeFiles } from '../../generate/output.js';
import { generateProject, loadManifest } from '../../project.js';
import type { ArgumentsOf } from '../options.js';
import { requireCurrent } from '../stale.js';
import { shownPath } from '../summary.js';
import type { Terminal } from '../terminal.js';

/** `cpybuild generate`: writes the generated files, or tells whether they are current. */
export async function runGenerate({ operand, flags }: ArgumentsOf<'generate'>, terminal: Terminal): Promise<number> {
	const manifest = await loadManifest(operand);
	const folder = flags.out === undefined ? join(manifest.folder, 'generated') : resolve(terminal.cwd, flags.out);
	const shown = shownPath(folder, terminal.cwd);
	const files = await generateProject(manifest);
	if (flags.check) {
		const out = flags.out === undefined ? '' : ` --out ${flags.out}`;
		requireCurrent(await checkFiles(files, folder), shown, `cpybuild generate ${operand}${out}`);
		terminal.stdout.write(`${shown} is current\n`);
	} else {
		terminal.stdout.write(`${describeWritten(await writeFiles(files, folder), shown)}\n`);
	}
	return 0;
}

function describeWritten({ written, removed, unchanged }: WrittenFiles, folder: string): string {
	if (written.length + removed.length === 0) return `${folder} is up to date`;
	return `${folder}: ${written.length} written, ${removed.length} removed, ${unchanged.length} unchanged`;
}
