import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/manifest/manifest.js';
import { readManifest } from '../../src/manifest/read.js';
import { type Compiler, nativeCompiler, wasmCompiler } from '../helpers/cpython.js';
import { VERSIONS } from '../helpers/dist.js';

const cases = join(import.meta.dirname, '../golden/cases');
const strict = ['-O2', '-Wall', '-Wextra', '-Werror', '-std=c11'];

const targets = { wasm32: wasmCompiler, native: nativeCompiler };
const combinations = VERSIONS.flatMap((version) =>
	Object.entries(targets).map(([target, compilerFor]) => ({ version, target, compilerFor })),
);

describe.each(combinations)('for CPython $version and $target', ({ version, target, compilerFor }) => {
	let scratch: string;
	let compiler: Compiler;
	beforeAll(async () => {
		scratch = mkdtempSync(join(tmpdir(), 'cpybuild-compile-'));
		compiler = await compilerFor(version);
	});
	afterAll(() => rmSync(scratch, { recursive: true }));

	test.for(readdirSync(cases))('the C of %s compiles without warnings', async (name) => {
		const folder = join(cases, name);
		const manifest = await readManifest(join(folder, 'project.yaml'));
		const object = join(scratch, `${name}-${target}.o`);
		const [program, ...first] = compiler;
		for (const [source, own] of cFiles(manifest, join(folder, 'expected/c'))) {
			const args = [...first, ...strict, `-I${folder}/expected/c`, ...own, '-c', source, '-o', object];
			const { stderr } = await execa(program, args, { reject: false });
			expect({ source: basename(source), stderr }).toEqual({ source: basename(source), stderr: '' });
		}
	});
});

/** The generated C files and those of the native modules, each with its own options. */
function cFiles(manifest: Manifest, generated: string): readonly (readonly [string, readonly string[]])[] {
	const natives = manifest.modules.flatMap((module) => {
		if (module.kind === 'host') return [];
		const include = module.include.map((path) => `-I${path}`);
		const define = Object.entries(module.define).map(([name, value]) => `-D${name}=${value}`);
		return module.sources.map((source) => [source, [...include, ...define, ...module.cflags]] as const);
	});
	const stubs = readdirSync(generated).filter((path) => path.endsWith('.c'));
	return [...stubs.map((path) => [join(generated, path), []] as const), ...natives];
}
