import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { componentEmbed, componentNew } from '@bytecodealliance/jco';
import { execa } from 'execa';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { componentNaming, componentRenaming } from '../../src/component/naming.js';
import { generateBindings } from '../../src/generate/bindings/index.js';
import type { Files } from '../../src/generate/files.js';
import { generateStubs } from '../../src/generate/stubs.js';
import { importedFunctions } from '../../src/manifest/imports.js';
import type { Manifest } from '../../src/manifest/manifest.js';
import { parseModule } from '../../src/wasm/module.js';
import { renameModule } from '../../src/wasm/rename.js';
import { type Compiler, nativeCompiler, wasmCompiler, wasmLinker } from '../helpers/cpython.js';
import { BROWSER, strictTsc } from '../helpers/tsc.js';
import { corpusCases } from '../helpers/wit/corpus.js';
import { corpusProject } from '../helpers/wit/corpus-project.js';

const VERSION = '3.13.5';
const STRICT = ['-Wall', '-Wextra', '-Werror', '-std=c11'];

const projects = await Promise.all(
	corpusCases('right').map(async (one) => ({ name: one.name, ...(await corpusProject(one)) })),
);
const carried = projects.flatMap(({ name, manifest }) => (manifest ? [{ name, manifest }] : []));
const refused = projects.flatMap(({ name, said }) => (said === undefined ? [] : [{ name, said }]));

const folder = mkdtempSync(join(tmpdir(), 'cpybuild-corpus-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): string {
	const file = join(folder, path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
	return file;
}

describe('a world that is right, but not carried,', () => {
	test.each(refused)('gives its recorded message: $name', async ({ name, said }) => {
		await expect(said).toMatchFileSnapshot(`../wit-corpus/right/${name}.txt`);
	});

	test('is the only one that has a message', () => {
		const texts = readdirSync('test/wit-corpus/right').filter((entry) => entry.endsWith('.txt'));
		expect(texts.map((entry) => entry.replace(/\.txt$/, ''))).toEqual(refused.map(({ name }) => name));
	});
});

test('the TypeScript of all carried worlds is strict', () => {
	write('package.json', '{ "type": "module" }');
	const paths = carried.map(({ name, manifest }) => {
		write(`${name}/bindings.ts`, generateBindings(manifest).get('bindings.ts') ?? '');
		return `${name}/bindings.ts`;
	});
	expect(strictTsc(folder, `${BROWSER} --noEmit`, paths)).toBe('');
});

/** The C files of all worlds, each text once: what they share is the same. */
const stubs = carried.map(({ name, manifest }) => ({ name, files: generateStubs(manifest) }));

/** Compiles all C files, and says what the compiler says. */
async function compileAll(compiler: Compiler, more: readonly string[]): Promise<string> {
	const [program, ...first] = compiler;
	const limit = pLimit(2);
	const seen = new Set<string>();
	const runs = stubs.map(({ name, files }) => {
		const sources = cFiles(files).filter(([, text]) => !seen.has(text) && seen.add(text));
		const args = [...first, ...STRICT, '-I.', ...more, ...sources.map(([path]) => basename(path))];
		return limit(async () => {
			if (sources.length === 0) return '';
			const { stderr } = await execa(program, args, { cwd: join(folder, name, 'c'), reject: false });
			return stderr === '' ? '' : `${name}:\n${stderr}\n`;
		});
	});
	return (await Promise.all(runs)).join('');
}

function cFiles(files: Files): readonly (readonly [path: string, text: string])[] {
	return [...files].filter(([path]) => path.endsWith('.c'));
}

describe('the C of all carried worlds', () => {
	beforeAll(() => {
		for (const { name, files } of stubs) for (const [path, text] of files) write(`${name}/${path}`, text);
	});

	test('compiles without warnings for WebAssembly', async () => {
		expect(await compileAll(await wasmCompiler(VERSION), ['-O1', '-c'])).toBe('');
	});

	test('compiles without warnings with the headers of CPython 3.11', async () => {
		expect(await compileAll(await wasmCompiler('3.11.2'), ['-fsyntax-only'])).toBe('');
	});

	test('compiles without warnings by GCC, for 64 bits', async () => {
		expect(await compileAll(await nativeCompiler(VERSION), ['-fsyntax-only'])).toBe('');
	});
});

describe('wasm-tools makes a component of', () => {
	/** Object files by the text of their source. */
	const objects = new Map<string, string>();
	let linker: Compiler;
	beforeAll(async () => {
		linker = await wasmLinker(VERSION);
		for (const { name, files } of stubs) {
			for (const [path, text] of cFiles(files)) {
				const object = join(folder, name, path.replace(/\.c$/, '.o'));
				if (existsSync(object)) objects.set(text, object);
			}
		}
	});

	/** A core module of a world's own code alone: calls of the interpreter's functions trap, but what matters is declared. */
	async function link(name: string, files: Files): Promise<Uint8Array> {
		const output = join(folder, name, 'core.wasm');
		const own = cFiles(files).map(([path, text]) => objects.get(text) ?? expect.unreachable(`no object of ${path}`));
		const [program, ...first] = linker;
		const options = [
			'--no-entry',
			'--no-gc-sections',
			'--unresolved-symbols=ignore-all',
			'--export-if-defined=cabi_realloc',
		];
		await execa(program, [...first, '-m', 'wasm32', ...options, ...own, '-o', output]);
		return readFileSync(output);
	}

	test.each(carried)('$name', async ({ name, manifest }) => {
		const files = stubs.find((one) => one.name === name)?.files ?? expect.unreachable();
		const core = await link(name, files);
		const imported = parseModule(core, name).imports.map((one) => `${one.module} ${one.name}`);
		expect(imported.sort()).toEqual(importsOf(manifest).sort());
		const naming = componentNaming(manifest);
		const component = await makeComponent(naming.wit, renameModule(core, name, componentRenaming(naming)));
		// The preamble of components: layer 1, where core modules have 0.
		expect([...component.subarray(0, 8)]).toEqual([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]);
	});

	test.each([
		['a parameter', 'fifteen: func(a: u8,', 'fifteen: func(a: u64,'],
		['a spilled parameter', 'seventeen: func(a: u8,', 'seventeen: func('],
		['a result', ') -> f64;', ') -> u64;'],
	])('nothing that has another core signature than the WIT, in %s', async (_, from, to) => {
		const { name, manifest } = carried.find((one) => one.name === 'many-parameters') ?? expect.unreachable();
		const core = await link(name, stubs.find((one) => one.name === name)?.files ?? expect.unreachable());
		const naming = componentNaming(manifest);
		const renamed = renameModule(core, name, componentRenaming(naming));
		await expect(makeComponent(naming.wit.replace(from, to), renamed)).rejects.toThrow(/type mismatch for function/);
	});
});

function importsOf(manifest: Manifest): string[] {
	return manifest.modules.flatMap((module) => importedFunctions(module).map((one) => `${one.module} ${one.name}`));
}

/** What wasm-tools makes of a core module and the world `python` of a WIT text. */
async function makeComponent(witSource: string, core: Uint8Array): Promise<Uint8Array> {
	try {
		return await componentNew(await componentEmbed({ binary: core, witSource, world: 'python' }), []);
	} catch (error) {
		// Errors of wasm-tools carry what it says in a member of their own.
		throw new Error(String((error as { readonly payload?: unknown }).payload ?? error), { cause: error });
	}
}
