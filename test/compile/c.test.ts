import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import type { Manifest } from '../../src/manifest/manifest.js';
import { readManifest } from '../../src/manifest/read.js';
import { headerArguments, minors, type Target, variableFor } from './headers.js';

const cases = join(import.meta.dirname, '../golden/cases');
const strict = ['-O2', '-Wall', '-Wextra', '-Werror', '-std=c11'];

let scratch: string;
beforeAll(() => {
	scratch = mkdtempSync(join(tmpdir(), 'cpybuild-compile-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

const combinations = minors.flatMap((minor) => (['wasm32', 'native'] as const).map((target) => ({ minor, target })));

describe.each(combinations)('for CPython $minor and $target', ({ minor, target }) => {
	test.concurrent.for(readdirSync(cases))('the C of %s compiles without warnings', async (name, context) => {
		const compiler = await findCompiler(target);
		const headers = headerArguments(target, minor);
		if (compiler === undefined || headers === undefined) {
			return missing(context, target, minor);
		}
		const folder = join(cases, name);
		const manifest = await readManifest(join(folder, 'project.yaml'));
		const object = join(scratch, `${name}-${minor}-${target}.o`);
		for (const [source, own] of cFiles(manifest, join(folder, 'expected/c'))) {
			const command = [
				...compiler,
				...strict,
				...headers,
				`-I${folder}/expected/c`,
				...own,
				'-c',
				source,
				'-o',
				object,
			];
			const { stderr } = await execa(command[0] ?? '', command.slice(1), { reject: false });
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

/** A compiler that makes objects for the target, with its first arguments. */
async function findCompiler(target: Target): Promise<readonly string[] | undefined> {
	const candidates =
		target === 'native'
			? [['gcc'], ['cc']]
			: ['clang-19', 'clang-20', 'clang-21', 'clang'].map((name) => [name, '--target=wasm32-wasip1']);
	for (const candidate of candidates) {
		const [command = '', ...args] = candidate;
		const probe = await execa(command, [...args, '-x', 'c', '-c', '-', '-o', join(scratch, `probe-${target}.o`)], {
			input: 'int x;\n',
			reject: false,
		});
		if (probe.exitCode === 0) {
			return candidate;
		}
	}
	return undefined;
}

/** Without a compiler or headers nothing is tested, which must not go unnoticed where tests count. */
function missing(context: TestContext, target: Target, minor: string): void {
	const advice = `install a compiler for ${target}, and set ${variableFor(target, minor)} to the arguments that name the headers of CPython ${minor}`;
	if (process.env.CI) {
		throw new Error(advice);
	}
	context.skip(advice);
}
