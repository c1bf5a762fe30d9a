import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeCache } from '../helpers/cache.js';
import { hashFolder } from '../helpers/folder.js';
import { nativeModule } from '../helpers/native.js';
import { makeProject, openProject, type Project } from '../helpers/project.js';

const manifest = (fast: string) => `python: "3.13.5"
modules:
  fast:
    sources: [fast.c]
${fast}`;

const good = { 'project.yaml': manifest(''), 'fast.c': nativeModule('fast', '    return PyLong_FromLong(1);') };

/** A project that was built once, so that a failure has something to damage. */
let project: Project;
let before: Readonly<Record<string, string>>;
/** The names in its folder. */
let beside: readonly string[];

/** In a store of the project's own, which shares CPython's base with the others. */
const build = () => project.build('--quiet', '--cache-dir', join(project.folder, 'cache'));

beforeAll(async () => {
	project = await openProject(await mkdtemp(join(tmpdir(), 'cpybuild-test-')), good);
	await makeCache(join(project.folder, 'cache'), ['source', 'base', 'stdlib', 'sysroot', 'resource-dir']);
	expect(await build()).toMatchObject({ code: 0, stderr: '' });
	before = hashFolder(project.dist);
	beside = readdirSync(project.folder);
	return () => rm(project.folder, { recursive: true, force: true });
});

/** Standard error with what differs from run to run made the same. */
function normalize(text: string, project: Project): string {
	return text
		.replaceAll(project.folder, '<project>')
		.replace(/<project>\/cache\/trees\/([a-z-]+)\/[0-9a-f]{64}/g, '<$1>')
		.replace(/^( {4}command: \S+) .*$/gm, '$1 …');
}

/** Writes files into the project, sees the build fail, and that nothing was damaged. */
async function failing(files: Readonly<Record<string, string>>, arrange?: (project: Project) => void) {
	for (const [path, text] of Object.entries(files)) await project.write(path, text);
	arrange?.(project);
	const { folder } = project;
	const given = readdirSync(folder);
	const { code, stderr } = await build();
	expect(hashFolder(project.dist)).toEqual(before);
	expect(readdirSync(folder)).toEqual(given);
	expect(readdirSync(join(folder, 'cache/tmp'))).toEqual([]);
	for (const name of given) if (!beside.includes(name)) await rm(join(folder, name));
	for (const [path, text] of Object.entries(good)) await project.write(path, text);
	expect(await build()).toMatchObject({ code: 0, stderr: '' });
	expect(hashFolder(project.dist)).toEqual(before);
	return { code, stderr: normalize(stderr, project) };
}

const value = (body: string, before = '') => nativeModule('fast', `    ${body}`, before);

describe('C code that does not compile', () => {
	test('shows the command, the first error, the output and the log', async () => {
		const { code, stderr } = await failing({ 'fast.c': value('return PyLong_FromLong(1 +);') });
		expect(code).toBe(1);
		expect(stderr).toMatchInlineSnapshot(`
			"error[build/compile-failed]: could not compile fast.c: clang ended with exit code 1: <project>/fast.c:7:31: error: expected expression
			    command: clang …
			    output:
			      <project>/fast.c:7:31: error: expected expression
			          7 |     return PyLong_FromLong(1 +);
			            |                               ^
			      1 error generated.
			    full log: <project>/.cpybuild/logs/compile-fast.log"
		`);
	});

	test('of two files shows both', async () => {
		const { code, stderr } = await failing({
			'project.yaml': manifest('').replace('[fast.c]', '[fast.c, more.c]'),
			'fast.c': value('return one;'),
			'more.c': 'int two(void) { return two_; }\n',
		});
		expect(code).toBe(1);
		expect(stderr).toMatchInlineSnapshot(`
			"error[build/compile-failed]: could not compile fast.c: clang ended with exit code 1: <project>/fast.c:7:12: error: use of undeclared identifier 'one'
			    command: clang …
			    output:
			      <project>/fast.c:7:12: error: use of undeclared identifier 'one'
			          7 |     return one;
			            |            ^
			      1 error generated.
			    full log: <project>/.cpybuild/logs/compile-fast.log

			error[build/compile-failed]: could not compile more.c: clang ended with exit code 1: <project>/more.c:1:24: error: use of undeclared identifier 'two_'; did you mean 'two'?
			    command: clang …
			    output:
			      <project>/more.c:1:24: error: use of undeclared identifier 'two_'; did you mean 'two'?
			          1 | int two(void) { return two_; }
			            |                        ^~~~
			            |                        two
			      <project>/more.c:1:5: note: 'two' declared here
			          1 | int two(void) { return two_; }
			            |     ^
			      <project>/more.c:1:24: error: incompatible pointer to integer conversion returning 'int (void)' from a function with result type 'int' [-Wint-conversion]
			          1 | int two(void) { return two_; }
			            |                        ^~~~
			      2 errors generated.
			    full log: <project>/.cpybuild/logs/compile-fast.log"
		`);
	});

	test('shows the end of a long output', async () => {
		const noise = Array.from({ length: 30 }, (_, index) => `#warning "line ${index}"`).join('\n');
		const { stderr } = await failing({ 'fast.c': value('return nothing;', noise) });
		expect(stderr).toMatchInlineSnapshot(`
			"error[build/compile-failed]: could not compile fast.c: clang ended with exit code 1: <project>/fast.c:36:12: error: use of undeclared identifier 'nothing'
			    command: clang …
			    last 20 of 94 lines:
			            |  ^
			      <project>/fast.c:28:2: warning: "line 25" [-W#warnings]
			         28 | #warning "line 25"
			            |  ^
			      <project>/fast.c:29:2: warning: "line 26" [-W#warnings]
			         29 | #warning "line 26"
			            |  ^
			      <project>/fast.c:30:2: warning: "line 27" [-W#warnings]
			         30 | #warning "line 27"
			            |  ^
			      <project>/fast.c:31:2: warning: "line 28" [-W#warnings]
			         31 | #warning "line 28"
			            |  ^
			      <project>/fast.c:32:2: warning: "line 29" [-W#warnings]
			         32 | #warning "line 29"
			            |  ^
			      <project>/fast.c:36:12: error: use of undeclared identifier 'nothing'
			         36 |     return nothing;
			            |            ^
			      30 warnings and 1 error generated.
			    full log: <project>/.cpybuild/logs/compile-fast.log"
		`);
	});

	test('because of how it calls a host function shows the place in the file', async () => {
		const { code, stderr } = await failing({
			'project.yaml': manifest('    imports: { log: "func(level: u8, text: string)" }\n'),
			'fast.c': value('return fast_no_such_function();', '#include "fast_imports.h"'),
		});
		expect(code).toBe(1);
		expect(stderr).toMatchInlineSnapshot(`
			"error[build/compile-failed]: could not compile fast.c: clang ended with exit code 1: <project>/fast.c:7:12: error: call to undeclared function 'fast_no_such_function'; ISO C99 and later do not support implicit function declarations [-Wimplicit-function-declaration]
			    command: clang …
			    output:
			      <project>/fast.c:7:12: error: call to undeclared function 'fast_no_such_function'; ISO C99 and later do not support implicit function declarations [-Wimplicit-function-declaration]
			          7 |     return fast_no_such_function();
			            |            ^
			      <project>/fast.c:7:12: error: incompatible integer to pointer conversion returning 'int' from a function with result type 'PyObject *' (aka 'struct _object *') [-Wint-conversion]
			          7 |     return fast_no_such_function();
			            |            ^~~~~~~~~~~~~~~~~~~~~~~
			      2 errors generated.
			    full log: <project>/.cpybuild/logs/compile-fast.log"
		`);
	});
});

describe('a function that is defined nowhere', () => {
	test('is named with the object file that calls it', async () => {
		const { code, stderr } = await failing({
			'fast.c': value('return PyLong_FromLong(elsewhere(1));', 'int elsewhere(int value);'),
		});
		expect(code).toBe(4);
		expect(stderr).toMatchInlineSnapshot(`
			"error[verify/import-unexpected]: the function "elsewhere" is defined nowhere; referenced by fast: fast.o
			    type (i32) -> i32
			   = hint: link the library that defines it (libs:), or declare it as a host function of the module (imports:)"
		`);
	});

	test('is named with the member of the static library that calls it', async () => {
		const { code, stderr } = await failing(
			{
				'project.yaml': manifest('    libs: [libmore.a]\n'),
				'fast.c': value('return PyLong_FromLong(more(1));', 'int more(int value);'),
				'more.c': 'int elsewhere(int value); int more(int value) { return elsewhere(value); }\n',
			},
			({ folder }) => {
				const run = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: folder });
				run('clang-19', '--target=wasm32-wasip1', '-c', 'more.c', '-o', 'more.o');
				run('llvm-ar-19', 'rcs', 'libmore.a', 'more.o');
			},
		);
		expect(code).toBe(4);
		expect(stderr).toMatchInlineSnapshot(`
			"error[verify/import-unexpected]: the function "elsewhere" is defined nowhere; referenced by libmore.a(more.o)
			    type (i32) -> i32
			   = hint: link the library that defines it (libs:), or declare it as a host function of the module (imports:)"
		`);
	});

	test('and data that is defined nowhere does not link', async () => {
		const { code, stderr } = await failing({
			'fast.c': value('return PyLong_FromLong(table[0]);', 'extern int table[];'),
		});
		expect(code).toBe(1);
		expect(stderr).toMatchInlineSnapshot(`
			"error[build/link-failed]: could not link python.wasm: wasm-ld ended with exit code 1: wasm-ld-19: error: <compile>/fast.o: undefined symbol: table
			    command: wasm-ld …
			    output:
			      wasm-ld-19: error: <compile>/fast.o: undefined symbol: table
			    full log: <project>/.cpybuild/logs/link.log"
		`);
	});
});

describe('imports that differ from the manifest', () => {
	const attributes = (module: string, name: string) =>
		`__attribute__((import_module("${module}"), import_name("${name}")))`;

	test('are refused when nobody declared them', async () => {
		const { code, stderr } = await failing({
			'fast.c': value('return PyLong_FromLong(ask(1));', `int ask(int) ${attributes('host', 'ask')};`),
		});
		expect(code).toBe(4);
		expect(stderr).toMatchInlineSnapshot(`
			"error[verify/import-unexpected]: python.wasm imports "host.ask", which the manifest does not declare; referenced by fast: fast.o
			    type (i32) -> i32
			   = hint: declare it in the manifest (functions: or imports:), or do not call it"
		`);
	});

	test('are refused when they have another type, at the signature', async () => {
		const { code, stderr } = await failing({
			'project.yaml': manifest('    imports:\n      ask: { signature: "func(a: s32) -> s32" }\n'),
			'fast.c': value('return PyLong_FromLong((long)ask(1));', `double ask(long long) ${attributes('fast', 'ask')};`),
		});
		expect(code).toBe(4);
		expect(stderr).toMatchInlineSnapshot(`
			"error[verify/import-type]: python.wasm imports "fast.ask" as (i64) -> f64, the manifest makes it (i32) -> i32; referenced by fast: fast.o
			  --> project.yaml:6:26
			   |
			 6 |       ask: { signature: "func(a: s32) -> s32" }
			   |                          ^^^^^^^^^^^^^^^^^^^
			   = hint: call it through the generated header, whose declaration follows the signature"
		`);
	});

	test('are all told at once', async () => {
		const { code, stderr } = await failing({
			'fast.c': value(
				'return PyLong_FromLong(elsewhere() + ask(1));',
				`int elsewhere(void); int ask(int) ${attributes('host', 'ask')};`,
			),
		});
		expect(code).toBe(4);
		expect(stderr).toMatchInlineSnapshot(`
			"error[verify/import-unexpected]: the function "elsewhere" is defined nowhere; referenced by fast: fast.o
			    type () -> i32
			   = hint: link the library that defines it (libs:), or declare it as a host function of the module (imports:)

			error[verify/import-unexpected]: python.wasm imports "host.ask", which the manifest does not declare; referenced by fast: fast.o
			    type (i32) -> i32
			   = hint: declare it in the manifest (functions: or imports:), or do not call it"
		`);
	});

	test('are worth a warning when C code never calls them, each time that the module is built', async () => {
		const unused = await makeProject({
			...good,
			'project.yaml': manifest('    imports: { log: "func(level: u8)" }\n'),
		});
		const built = await unused.build('--quiet');
		expect(built).toMatchObject({ code: 0, stdout: '' });
		expect(built.stderr).toMatchInlineSnapshot(`
			"warning[verify/import-unused]: no C file of fast calls the import "log"
			  --> project.yaml:5:16
			   |
			 5 |     imports: { log: "func(level: u8)" }
			   |                ^^^
			   = hint: remove it from the manifest, or call it"
		`);
		expect(await unused.build('--quiet', '--out', 'other')).toEqual(built);
	});
});

test('a symbol that two files define does not link', async () => {
	const { code, stderr } = await failing({
		'project.yaml': manifest('').replace('[fast.c]', '[fast.c, more.c]'),
		'fast.c': value('return PyLong_FromLong(twice());', 'int twice(void) { return 1; }'),
		'more.c': 'int twice(void) { return 2; }\n',
	});
	expect(code).toBe(1);
	expect(stderr).toMatchInlineSnapshot(`
		"error[build/link-failed]: could not link python.wasm: wasm-ld ended with exit code 1: wasm-ld-19: error: duplicate symbol: twice
		    command: wasm-ld …
		    output:
		      wasm-ld-19: error: duplicate symbol: twice
		      >>> defined in <compile>/fast.o
		      >>> defined in <compile>/more.o
		    full log: <project>/.cpybuild/logs/link.log"
	`);
});

test('a static library for another machine does not link', async () => {
	const { code, stderr } = await failing(
		{
			'project.yaml': manifest('    libs: [libmore.a]\n'),
			'fast.c': value('return PyLong_FromLong(more(1));', 'int more(int value);'),
			'more.c': 'int more(int value) { return value; }\n',
		},
		({ folder }) => {
			const run = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: folder });
			run('clang-19', '--target=x86_64-linux-gnu', '-c', 'more.c', '-o', 'more.o');
			run('llvm-ar-19', 'rcs', 'libmore.a', 'more.o');
		},
	);
	expect(code).toBe(4);
	expect(stderr).toMatchInlineSnapshot(`
		"error[verify/import-unexpected]: the function "more" is defined nowhere; referenced by fast: fast.o
		    type (i32) -> i32
		    libmore.a(more.o) was left out: it is not compiled for WebAssembly
		   = hint: link the library that defines it (libs:), or declare it as a host function of the module (imports:)"
	`);
});

test('a module that C code does not define does not link', async () => {
	const { code, stderr } = await failing({ 'fast.c': nativeModule('slow', '    return PyLong_FromLong(1);') });
	expect(code).toBe(4);
	expect(stderr).toMatchInlineSnapshot(`
		"error[verify/import-unexpected]: no C file of fast defines "PyInit_fast", by which Python makes the module
		  --> project.yaml:3:3
		   |
		 3 |   fast:
		   |   ^^^^
		   = hint: name the module as its C code does, or add the C file that defines the function"
	`);
});
