import { relative, resolve } from 'node:path';
import { fail, type Span } from '../diagnostics/diagnostic.js';
import type { Toolchain } from '../toolchain/toolchain.js';

/**
 * The prerequisites in a rule that a compiler wrote for make (`-MD`): one line over several, with spaces, hashes and
 * dollars of names escaped.
 */
export function parseDependencies(rule: string): readonly string[] {
	const line = rule.replace(/\\\r?\n/g, ' ');
	const list = line.slice(line.search(/:\s/) + 1);
	return [...list.matchAll(/(?:\\[ #\\]|\$\$|\S)+/g)].map(([word]) => word.replace(/\\([ #\\])|\$(\$)/g, '$1$2'));
}

/**
 * Folders of the headers that belong to a toolchain, by the command line of its compiler; nothing for the wasm clang,
 * which sees only files that were found by `includedFiles` and its own.
 */
export function toolchainHeaders({
	argv: { clang },
	inProcess,
}: Pick<Toolchain, 'argv' | 'inProcess'>): readonly RegExp[] | undefined {
	if (inProcess) return undefined;
	const settingOf = (option: string) => clang.find((word) => word.startsWith(`${option}=`))?.slice(option.length + 1);
	const sysroot = settingOf('--sysroot') ?? '';
	const resources = clang[clang.indexOf('-resource-dir') + 1];
	// The whole of a WASI-SDK's sysroot is its own; in Debian's `/usr` only the target's folder is.
	const headers = sysroot === '/usr' ? `/usr/include/${settingOf('--target') ?? ''}` : sysroot;
	return [
		startingWith(`${headers}/`),
		...(clang.includes('-resource-dir') ? [startingWith(`${resources}/`)] : []),
		/\/lib\/clang\/[\d.]+\/include\//,
	];
}

/** Which files a compilation may read. */
export interface Readable {
	/** Files whose contents are in the key, absolute. */
	readonly files: ReadonlySet<string>;
	/** Folders of the step's needs and of generated files, whose contents are in the key as well; absolute. */
	readonly folders: readonly string[];
	readonly toolchain: readonly RegExp[];
}

/**
 * Refuses an object file that was made of more than the key knows: it would be taken for good after that file changed.
 * @throws CpybuildError `build/hidden-input`
 */
export function requireKnown(
	rule: string,
	{ files, folders, toolchain }: Readable,
	about: { readonly cwd: string; readonly source: string; readonly manifestFolder: string; readonly span?: Span },
): void {
	const hidden = parseDependencies(rule)
		.map((path) => resolve(about.cwd, path))
		.find(
			(path) =>
				!files.has(path) &&
				!folders.some((folder) => path.startsWith(`${folder}/`)) &&
				!toolchain.some((own) => own.test(path)),
		);
	if (hidden === undefined) return;
	const name = relative(about.manifestFolder, hidden);
	fail({
		code: 'build/hidden-input',
		message: `"${about.source}" reads "${name}", which cpybuild did not see: a change of it would go unnoticed`,
		...(about.span && { span: about.span }),
		hint: `name it in a line of its own, #include "…", within #if 0 where it must not be included twice; a folder of headers belongs under include:`,
	});
}

function startingWith(prefix: string): RegExp {
	return new RegExp(`^${prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}
