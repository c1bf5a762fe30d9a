import type { Manifest } from '../manifest/manifest.js';
import { generateBindings } from './bindings/index.js';
import { type Files, files } from './files.js';
import { headerText } from './header.js';
import { raisedErrors } from './python/errors.js';
import { pythonTyping } from './python/typing.js';
import { isNative } from './sources.js';
import { supportFiles } from './support.js';
import { readTemplate } from './template.js';

/** What programmers on both sides get: bindings for the host, stub files for Python. Nothing of it is compiled. */
export function generateInterfaces(manifest: Manifest): Files {
	return files([...generateTypings(manifest), ...generateBindings(manifest)]);
}

function generateTypings(manifest: Manifest): Files {
	const header = `# ${headerText(manifest)}`;
	const errors = raisedErrors(manifest);
	const own =
		supportFiles(manifest).length === 0 ? [] : [[ownTyping, `${header}\n\n${readTemplate(ownTyping)}`] as const];
	return files([
		...own,
		...manifest.modules.flatMap((module) =>
			isNative(module) ? [] : [[typingPath(module.name), pythonTyping(module, errors, header)] as const],
		),
	]);
}

/** The stub file of our own module, as it is in `templates`. */
const ownTyping = 'typings/_cpybuild.pyi';

function typingPath(module: string): string {
	return `typings/${module.replaceAll('.', '/')}.pyi`;
}
