import { resolve } from 'node:path';
import { checkFiles } from '../../generate/output.js';
import { importedFunctions } from '../../manifest/imports.js';
import { generateProject, loadManifest } from '../../project.js';
import { formatCount } from '../format.js';
import type { ArgumentsOf } from '../options.js';
import { writeJsonLine } from '../progress/json.js';
import { requireCurrent } from '../stale.js';
import type { Terminal } from '../terminal.js';

/** `cpybuild check`: tells whether a manifest is valid and what was generated from it current. */
export async function runCheck({ operand, flags }: ArgumentsOf<'check'>, terminal: Terminal): Promise<number> {
	const manifest = await loadManifest(operand);
	const files = await generateProject(manifest);
	if (flags.generated !== undefined) {
		const difference = await checkFiles(files, resolve(terminal.cwd, flags.generated));
		requireCurrent(difference, flags.generated, `cpybuild generate ${operand} --out ${flags.generated}`);
	}
	const modules = manifest.modules.length;
	const imports = manifest.modules.flatMap(importedFunctions).filter(({ of }) => of.kind !== 'drop').length;
	if (flags.json) {
		writeJsonLine(terminal, { type: 'checked', manifest: operand, python: manifest.python.version, modules, imports });
	} else {
		const current = flags.generated === undefined ? '' : `, ${flags.generated} is current`;
		terminal.stdout.write(
			`${operand} is valid: CPython ${manifest.python.version}, ${formatCount(modules, 'module')}, ` +
				`${formatCount(imports, 'host function')}${current}\n`,
		);
	}
	return 0;
}
