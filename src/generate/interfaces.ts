import type { Manifest } from '../manifest/manifest.js';
import { generateBindings } from './bindings/index.js';
import { type Files, files } from './files.js';
import { headerText } from './header.js';
import { barePackages, packageNames } from './packages.js';
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
		// Without a stub of the package itself pyright does not find those in it.
		...barePackages(manifest).map((name) => [packagePath(name), `${header}\n`] as const),
		...manifest.modules.flatMap((module) =>
			isNative(module) ? [] : [[typingPath(manifest, module.name), pythonTyping(module, errors, header)] as const],
		),
	]);
}

/** The stub file of our own module, as it is in `templates`. */
const ownTyping = 'typings/_cpybuild.pyi';

function typingPath(manifest: Manifest, module: string): string {
	return packageNames(manifest).includes(module) ? packagePath(module) : `typings/${module.replaceAll('.', '/')}.pyi`;
}

function packagePath(name: string): string {
	return `typings/${name.replaceAll('.', '/')}/__init__.pyi`;
}
