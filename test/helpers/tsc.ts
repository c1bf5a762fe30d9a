import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

const STRICT =
	'--ignoreConfig --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --verbatimModuleSyntax ' +
	'--erasableSyntaxOnly --isolatedModules --noUnusedLocals --noUnusedParameters --noImplicitReturns ' +
	'--target es2022 --module nodenext --pretty false';

/** Options of programs for browsers, and for Node. */
export const BROWSER = '--lib es2022,dom --types null';
export const NODE = `--lib es2022 --types node --typeRoots ${join(modules, '@types')}`;

/** What tsc, as strict as it gets, says about the files of a folder: nothing when all is well. */
export function strictTsc(folder: string, options: string, files: readonly string[]): string {
	const args = [join(modules, 'typescript/bin/tsc'), ...STRICT.split(' '), ...options.split(' '), ...files];
	try {
		return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
	} catch (error) {
		return (error as { readonly stdout: string }).stdout;
	}
}
