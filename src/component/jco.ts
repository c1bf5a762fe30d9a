import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256OfFile } from '../cache/key.js';
import { fail } from '../diagnostics/diagnostic.js';
import { packageAbove, packageFolder } from '../own-files.js';

/** The npm package that carries wasm-tools, which makes components. */
export const JCO = '@bytecodealliance/jco';

/** The part of jco that holds wasm-tools itself. */
const TOOLS = '@bytecodealliance/jco-transpile';

/** What a component's imports of WASI preview 1 are turned into preview 2 with: the adapter for programs that have a `_start`. */
export const ADAPTER = 'lib/wasi_snapshot_preview1.command.wasm';

/** A jco that is installed. */
export interface Jco {
	readonly folder: string;
	/** What a component depends on: versions, and the sha256 of the adapter and of the files that are wasm-tools. */
	readonly identity: {
		readonly jco: string;
		readonly tools: string;
		readonly files: Readonly<Record<string, string>>;
	};
}

/**
 * The folder of a project's jco, else of the one beside cpybuild.
 * @param own cpybuild's folder.
 */
export function findJcoFolder(project: string, own = packageFolder()): string | undefined {
	return packageAbove(project, JCO) ?? packageAbove(own, JCO);
}

/**
 * The jco that makes a project's components.
 * @throws CpybuildError `toolchain/no-jco` when there is none.
 */
export function requireJco(project: string, own?: string): Jco {
	return (
		findJco(project, own) ??
		fail({
			code: 'toolchain/no-jco',
			message: `"component: true" needs the npm package "${JCO}", which is not installed`,
			hint: `npm install --save-dev ${JCO}`,
		})
	);
}

/** The jco that makes a project's components, if one is installed. */
export function findJco(project: string, own?: string): Jco | undefined {
	const folder = findJcoFolder(project, own);
	const tools = folder && packageAbove(folder, TOOLS);
	if (!folder || !tools || !existsSync(join(folder, ADAPTER))) return undefined;
	const vendor = join(tools, 'vendor');
	const names = existsSync(vendor) ? readdirSync(vendor).filter((name) => /^wasm-tools\..*(wasm|js)$/.test(name)) : [];
	const files = [[ADAPTER, join(folder, ADAPTER)], ...names.map((name) => [name, join(vendor, name)])] as const;
	return {
		folder,
		identity: {
			jco: versionOf(folder),
			tools: versionOf(tools),
			files: Object.fromEntries(files.map(([name, path]) => [name ?? '', sha256OfFile(path ?? '')])),
		},
	};
}

function versionOf(folder: string): string {
	const { version }: { version: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	return version;
}
