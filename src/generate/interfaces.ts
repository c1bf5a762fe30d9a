import type { Manifest } from '../manifest/manifest.js';
import { generateBindings } from './bindings/index.js';
import { type Files, files } from './files.js';
import { headerText } from './header.js';
import { pythonTyping } from './python/typing.js';
import { isNative } from './sources.js';

/** What programmers on both sides get: bindings for the host, stub files for Python. Nothing of it is compiled. */
export function generateInterfaces(manifest: Manifest): Files {
	return files([...generateTypings(manifest), ...generateBindings(manifest)]);
}

function generateTypings(manifest: Manifest): Files {
	return files(
		manifest.modules.flatMap((module) =>
			isNative(module)
				? []
				: [[`typings/${module.name}.pyi`, pythonTyping(module, `# ${headerText(manifest)}`)] as const],
		),
	);
}
