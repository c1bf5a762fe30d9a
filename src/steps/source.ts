import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256, sha256OfFile } from '../cache/key.js';
import type { Cpython } from '../cpython/choose.js';
import { type Diagnostic, fail } from '../diagnostics/diagnostic.js';
import { packageFolder } from '../own-files.js';
import type { FetchContext } from '../source/tarball.js';
import { makeStep } from './make-step.js';
import type { Step, StepContext } from './step.js';

/** What a build never reads of CPython's tree: half of its size. */
const UNUSED = /^(\.git|Doc|PC|PCbuild|Lib\/(test|idlelib|tkinter|turtledemo|ensurepip|lib2to3\/tests))\//;

/** The header that says which CPython a tree is. */
const VERSION_HEADER = 'Include/patchlevel.h';

/** What CPython's patched source tree is made of. */
export interface SourceInputs {
	/** Raised when this step's code makes another tree of the same inputs. */
	readonly revision: 1;
	/** What the source must say it is. */
	readonly version: string;
	/** sha256 of the tarball, or of the list of an unpacked tree's files with their hashes. */
	readonly source: { readonly tarball: string } | { readonly tree: string };
	/** cpybuild's patches for the minor version, by file name, which is also the order in which they are applied → sha256. */
	readonly patches: Readonly<Record<string, string>>;
	/** Which paths are left out, as a regular expression. */
	readonly leftOut: string;
}

/** How the source is fetched, and for which part of the manifest. */
export interface Fetching extends Pick<FetchContext, 'mirror' | 'offline'> {
	readonly span: Diagnostic['span'];
}

/** CPython's source tree, patched. */
export function sourceStep(cpython: Cpython, where: Fetching): Step {
	const patches = patchesOf(cpython.recipe.minor);
	const inputs: SourceInputs = {
		revision: 1,
		version: cpython.version,
		source: sourceIdentity(cpython.source),
		patches: Object.fromEntries(patches.map((path) => [basename(path), sha256OfFile(path)])),
		leftOut: UNUSED.source,
	};
	return makeStep({
		id: 'source',
		title: `get CPython ${cpython.version}`,
		// Whoever has to compile it has the tarball, or gets it where everybody does.
		isLocal: true,
		inputs,
		run: async (context) => {
			await unpackSource(cpython, context, where);
			const missing = ['configure', VERSION_HEADER].find((path) => !existsSync(join(context.out, path)));
			if (missing) notCpython(`the source of CPython has no "${missing}"`, where.span);
			await requireVersion(cpython, context.out, where.span);
			for (const patch of patches) await applyTo(context.out, patch);
		},
	});
}

/** What a source is by its content, wherever it lies. */
export function sourceIdentity(source: Cpython['source']): SourceInputs['source'] {
	if (source.kind === 'pinned') return { tarball: source.pin.sha256 };
	if (source.kind === 'url') return { tarball: source.sha256 };
	if (!statSync(source.path).isDirectory()) return { tarball: sha256OfFile(source.path) };
	return { tree: hashTree(source.path) };
}

/** The hash of all files of a source tree that a build may read; links count as what they lead to, as they are copied. */
function hashTree(folder: string): string {
	const lines: string[] = [];
	const visit = (below: string) => {
		for (const name of readdirSync(join(folder, below)).sort()) {
			const path = below === '' ? name : `${below}/${name}`;
			const found = statSync(join(folder, path), { throwIfNoEntry: false });
			if (found?.isDirectory() && !UNUSED.test(`${path}/`)) visit(path);
			else if (found?.isFile() && !UNUSED.test(path)) {
				const executable = found.mode & 0o100 ? 'x' : '-';
				lines.push(`${path}\0${executable}\0${sha256OfFile(join(folder, path))}\n`);
			}
		}
	};
	visit('');
	return sha256(lines.join(''));
}

async function unpackSource(cpython: Cpython, context: StepContext, where: Fetching): Promise<void> {
	const { source } = cpython;
	const keep = (path: string) => !UNUSED.test(path);
	if (source.kind === 'path' && statSync(source.path).isDirectory()) {
		await cp(source.path, context.out, {
			recursive: true,
			dereference: true,
			filter: (path) => keep(`${path.slice(source.path.length + 1)}/`),
		});
		return;
	}
	const [{ fetchTarball }, { unpackTarball }] = await Promise.all([
		import('../source/tarball.js'),
		import('../source/unpack.js'),
	]);
	const tarball = source.kind === 'path' ? source.path : await fetchTarball(source, { ...context, ...where });
	context.log(`unpacking ${tarball}`);
	await unpackTarball(tarball, context.out, keep, { signal: context.signal, span: where.span });
}

/** A tarball that is not what the manifest says would be built by the wrong recipe. */
async function requireVersion(cpython: Cpython, tree: string, span: Diagnostic['span']): Promise<void> {
	const header = await readFile(join(tree, VERSION_HEADER), 'utf8');
	const found = header.match(/#define PY_VERSION\s+"([^"]+)"/)?.[1];
	if (!found) notCpython(`"${VERSION_HEADER}" of the source names no version of CPython`, span);
	if (found === cpython.version) return;
	fail({
		code: 'toolchain/source-version-mismatch',
		message: `the source is CPython ${found}, not ${cpython.version}`,
		...(span && { span }),
		hint: `write version: "${found}", or name the source of ${cpython.version}`,
	});
}

function notCpython(message: string, span: Diagnostic['span']): never {
	fail({
		code: 'toolchain/source-not-cpython',
		message,
		...(span && { span }),
		hint: 'name a release tarball, or an unpacked tree of one',
	});
}

/** The patches that cpybuild carries for a minor, in order. */
export function patchesOf(minor: string): readonly string[] {
	const folder = join(packageFolder(), 'cpython-patches', minor);
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.filter((name) => name.endsWith('.patch'))
		.sort()
		.map((name) => join(folder, name));
}

async function applyTo(tree: string, patchFile: string): Promise<void> {
	const { applyPatch, parsePatch } = await import('diff');
	for (const patch of parsePatch(readFileSync(patchFile, 'utf8'))) {
		const path = join(tree, patch.oldFileName?.replace(/^a\//, '') ?? '');
		const patched = applyPatch(await readFile(path, 'utf8'), patch);
		if (patched === false) {
			fail({
				code: 'build/patch-rejected',
				message: `${patchFile} does not fit this CPython`,
				hint: 'report it, with the version of CPython',
			});
		}
		await writeFile(path, patched);
	}
}
