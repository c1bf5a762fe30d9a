import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import { renderPretty } from '../../../src/diagnostics/render.js';
import type { NativeModule } from '../../../src/manifest/manifest.js';
import { parseDependencies, requireKnown, toolchainHeaders } from '../../../src/steps/dependencies.js';
import { hashFiles, moduleFiles, requireUnchanged } from '../../../src/steps/module-files.js';
import { includedFiles } from '../../../src/toolchain/included-files.js';

const argv = (...clang: readonly [string, ...string[]]) => ({
	argv: { clang, 'wasm-ld': ['x'], 'llvm-ar': ['x'], 'llvm-ranlib': ['x'] } as const,
});

/** What is said about a failed check. */
const failureOf = (check: () => void): string => {
	try {
		check();
	} catch (error) {
		if (error instanceof CpybuildError) return renderPretty(error.diagnostics);
		throw error;
	}
	return 'nothing';
};

describe("a compiler's list of what it read", () => {
	test('is a rule for make, over several lines and with escapes', () => {
		expect(parseDependencies('x.o: a.c b\\ c.h \\\n  /d/e\\#f.h g$$h.h\\\n i.h\n')).toEqual([
			'a.c',
			'b c.h',
			'/d/e#f.h',
			'g$h.h',
			'i.h',
		]);
	});

	test('may have a target with a colon in its name', () => {
		expect(parseDependencies('C:/x.o: a.c\n')).toEqual(['a.c']);
	});

	const readable = {
		files: new Set(['/project/fast.c', '/project/fast.h']),
		folders: ['/tmp/scratch', '/store/base'],
		toolchain: toolchainHeaders(argv('clang', '--target=wasm32-wasip1', '--sysroot=/s', '-resource-dir', '/r')) ?? [],
	};
	const about = { cwd: '/tmp/scratch', source: 'fast.c', manifestFolder: '/project' };

	test('has nothing to say when all of it is in the key', () => {
		const rule =
			'x.o: /project/fast.c /project/sub/../fast.h c/cpybuild.h /store/base/include/Python.h /s/include/x.h /r/include/y.h';
		expect(failureOf(() => requireKnown(rule, readable, about))).toBe('nothing');
	});

	test('names the first file that is not', () => {
		expect(
			failureOf(() => requireKnown('x.o: /project/fast.c /project/gen/x.h /usr/y.h', readable, about)),
		).toBe(`error[build/hidden-input]: "fast.c" reads "gen/x.h", which cpybuild did not see: a change of it would go unnoticed
   = hint: name it in a line of its own, #include "…", within #if 0 where it must not be included twice; a folder of headers belongs under include:
`);
	});

	test('is not taken for known because a folder begins alike', () => {
		const [message] = failureOf(() => requireKnown('x.o: /store/base-of-others/x.h', readable, about)).split('\n');
		expect(message).toBe(
			'error[build/hidden-input]: "fast.c" reads "../store/base-of-others/x.h", which cpybuild did not see: a change of it would go unnoticed',
		);
	});
});

describe('headers of a toolchain', () => {
	const isOwn = (path: string, ...clang: readonly [string, ...string[]]) =>
		toolchainHeaders(argv(...clang))?.some((own) => own.test(path));

	test("are the whole of a sysroot, and of clang's own folder", () => {
		const clang = ['clang', '--target=t', '--sysroot=/opt/sdk+1/sysroot', '-resource-dir', '/res'] as const;
		expect(isOwn('/opt/sdk+1/sysroot/include/stdio.h', ...clang)).toBe(true);
		expect(isOwn('/res/include/stdarg.h', ...clang)).toBe(true);
		expect(isOwn('/usr/lib/llvm-19/lib/clang/19/include/stdarg.h', ...clang)).toBe(true);
		expect(isOwn('/opt/sdk1/sysroot/include/stdio.h', ...clang)).toBe(false);
		expect(isOwn('/usr/include/stdio.h', ...clang)).toBe(false);
	});

	test("in Debian's /usr are only those of the target", () => {
		const clang = ['clang', '--target=wasm32-wasi', '--sysroot=/usr'] as const;
		expect(isOwn('/usr/include/wasm32-wasi/stdio.h', ...clang)).toBe(true);
		expect(isOwn('/usr/include/stdio.h', ...clang)).toBe(false);
	});

	test('need not be known of a compiler that sees only what it is given', () => {
		expect(toolchainHeaders({ ...argv('node', 'client.js', 'clang'), inProcess: true })).toBeUndefined();
	});
});

describe('files of a module', () => {
	const project = async (files: Readonly<Record<string, string>>) => {
		const folder = await mkdtemp(join(tmpdir(), 'cpybuild-files-'));
		onTestFinished(() => rm(folder, { recursive: true }));
		for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
		const module = (cflags: readonly string[] = []) =>
			({ sources: [join(folder, 'a.c')], include: [], cflags }) as unknown as NativeModule;
		const names = (paths: readonly string[]) => paths.map((path) => path.slice(folder.length + 1));
		return { folder, module, names };
	};

	test('are followed in every form that reads or looks for one', async () => {
		const { folder, names } = await project({
			'a.c': [
				'#include "1"',
				' # import "2"',
				'#embed "3" limit(4)',
				'#if __has_include ( "4" ) || defined(X) && __has_include_next(<5>) || __has_embed("6")',
				'asm(".incbin \\"7\\"");',
				'__asm__("x: .incbin \\"8\\", 1");',
				'// #include "9" stands behind something else',
			].join('\n'),
		});
		const { absent } = includedFiles([join(folder, 'a.c')], [folder]);
		expect(names(absent)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
	});

	test('are also what compiler arguments name, but not what macros say', async () => {
		const { folder, module, names } = await project({ 'a.c': '#include <b.h>\n', 'b.h': '', 'c.h': '', 'd.h': '' });
		const { present } = moduleFiles(module([`-I${folder}`, '-include', join(folder, 'c.h'), `-DX=${folder}/d.h`]));
		expect(names(present)).toEqual(['a.c', 'b.h', 'c.h']);
		expect(names(moduleFiles(module()).present)).toEqual(['a.c']);
	});

	test('that change, appear or go while they are read are not taken', async () => {
		const { folder, module } = await project({ 'a.c': '#include "b.h"\n' });
		const before = hashFiles(module(), { folder, wholePaths: [] });
		await writeFile(join(folder, 'b.h'), '');
		const changed = 'error[build/step-failed]: "b.h" changed while it was read\n   = hint: run the command again\n';
		expect(failureOf(() => requireUnchanged(before, hashFiles(module(), { folder, wholePaths: [] })))).toBe(changed);
		expect(failureOf(() => requireUnchanged(hashFiles(module(), { folder, wholePaths: [] }), before))).toBe(changed);
		expect(failureOf(() => requireUnchanged(before, before))).toBe('nothing');
	});
});
