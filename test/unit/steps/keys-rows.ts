import type { Jco } from '../../../src/component/jco.js';
import type { ToolchainIdentity } from '../../../src/toolchain/identity.js';
import { WORLD, type World } from './keys-project.js';

/** One thing from outside that changes, and the steps whose inputs change with it. */
export interface Row {
	readonly name: string;
	/** Which setting of the manifest it is about, as a path in the schema. */
	readonly setting?: string;
	/** What it starts from, when the usual world has no such thing. */
	readonly from?: World;
	readonly to: (from: World) => World;
	/** The project's folder both times, where the manifest names it. */
	readonly within?: string;
	/** Ids of the steps whose inputs differ; all that read their outputs get other keys. */
	readonly inputs: readonly string[];
}

const STUBS = ['compile:_cpybuild', 'compile:demo', 'compile:plain'];
const COMPILED = [...STUBS, 'compile:fast'];
/** The steps that run the compiler or the linker. */
const TOOLED = ['base', ...COMPILED, 'inittab', 'link'];

/** Replaces a text of the manifest that occurs once. */
function manifest(from: string, to: string): Row['to'] {
	return (world) => ({ ...world, manifest: replaceOnce(world.manifest, from, to) });
}

function replaceOnce(text: string, from: string, to: string): string {
	if (text.split(from).length !== 2) throw new Error(`"${from}" does not occur once`);
	return text.replace(from, () => to);
}

function file(path: string, change: (text: string) => string = (text) => `${text} `): Row['to'] {
	return (world) => ({ ...world, files: { ...world.files, [path]: change(world.files[path] ?? '') } });
}

function identity(change: Partial<ToolchainIdentity>): Row['to'] {
	return (world) => ({
		...world,
		toolchain: { ...world.toolchain, identity: { ...world.toolchain.identity, ...change } },
	});
}

function jco(change: Partial<Jco['identity']>): Row['to'] {
	return (world) => {
		const { jco: usual } = world.options;
		if (!usual) throw new Error('the world has no jco');
		return { ...world, options: { ...world.options, jco: { ...usual, identity: { ...usual.identity, ...change } } } };
	};
}

function cpython(change: (chosen: ReturnType<World['cpython']>) => ReturnType<World['cpython']>): Row['to'] {
	return (world) => ({ ...world, cpython: change });
}

const recipe = (change: object) => cpython((chosen) => ({ ...chosen, recipe: { ...chosen.recipe, ...change } }));

const pin = (change: object) =>
	cpython((chosen) => {
		if (chosen.source.kind !== 'pinned') throw new Error('it is not pinned');
		return { ...chosen, source: { kind: 'pinned', pin: { ...chosen.source.pin, ...change } } };
	});

const own =
	(path: string): Row['to'] =>
	(world) => ({
		...world,
		own: {
			[path]: (text) =>
				path.startsWith('templates/c/')
					? `/* more */
${text}`
					: `${text} `,
		},
	});

/** The usual world with another source of CPython. */
const sourced = (source: string, files: World['files'] = {}): World => ({
	...WORLD,
	manifest: WORLD.manifest.replace('python: "3.13.5"', `python: { version: "3.13.5", source: { ${source} } }`),
	files: { ...WORLD.files, ...files },
});

const BY_URL = sourced(`url: "https://example.org/p.tgz", sha256: "${'1'.repeat(64)}"`);
const BY_TARBALL = sourced('path: p.tgz', { 'p.tgz': '1', 'q.tgz': '2', 'r.tgz': '1' });
const BY_TREE = sourced('path: tree', { 'tree/configure': '1', 'tree/Lib/os.py': '1', 'tree/Doc/x.rst': '1' });

/** The usual world with WIT files, `wit:` being this text. */
const declared = (wit: string): World => ({
	...WORLD,
	manifest: `${WORLD.manifest}wit: ${wit}\n`,
	files: {
		...WORLD.files,
		'one/w.wit': 'package a:w; world one { import log: interface { line: func(); } }',
		'more/w.wit': 'package a:w; world one { import log: interface { line: func(); more: func(); } }',
		'both/w.wit': `package a:w;
world one { import log: interface { line: func(); @unstable(feature = x) more: func(); } }
world two { import log: interface { other: func(); @unstable(feature = x) more: func(); } }
`,
	},
});

const OLD: World = { ...WORLD, manifest: WORLD.manifest.replace('3.13.5', '3.11.2') };
const TWINS: World = {
	...WORLD,
	manifest: WORLD.manifest.replace('native/more.c', 'shared/fast.c'),
	files: { ...WORLD.files, 'shared/fast.c': 'int other;\n' },
};
const SPILLED: World = {
	...WORLD,
	manifest: WORLD.manifest.replace(
		'func() -> u8',
		`func(${Array.from({ length: 17 }, (_, n) => `p${n}: u8`).join(', ')})`,
	),
};
/** The usual world with a component of its python.wasm. */
export const COMPONENT: World = {
	...WORLD,
	manifest: WORLD.manifest.replace('component: false', 'component: true'),
};
/** The usual world with values that are made of others, and a resource. */
const RICH: World = {
	...WORLD,
	manifest: WORLD.manifest.replace(
		'plain: { functions: { one: "func() -> u8" } }',
		`plain:
    types: "record row { id: u8 } resource pot { size: func() -> u8; }"
    functions: { one: "func(a: row, b: list<string>) -> u8" }`,
	),
};
/** The usual world with a module in a package. */
const PACKAGED: World = {
	...WORLD,
	manifest: WORLD.manifest.replace('plain: {', 'acme.plain: {'),
};
/** What only values like those need. */
const SUPPORT: readonly string[] = ['call', 'class', 'enum', 'list', 'resource'].map((name) => `_cpybuild_${name}.c`);
/** Names files that are nowhere near by their whole paths. */
const WHOLE: World = {
	...WORLD,
	manifest: WORLD.manifest
		.replace('native/more.c', '<shared>/all.c')
		.replace('native/other', '<shared>')
		.replace('native/libtwo.a', '<shared>/liball.a'),
};
const FLAGGED: World = {
	...WORLD,
	manifest: WORLD.manifest.replace('-Wno-unused-variable', '-include, <folder>/flag.h'),
};

/** Everything that must change keys, setting by setting. */
export const CHANGING: readonly Row[] = [
	// The manifest: CPython.
	{
		name: 'the version of CPython, by itself',
		setting: 'python',
		to: manifest('"3.13.5"', '"3.11.2"'),
		inputs: ['source', 'base', 'stdlib', ...COMPILED],
	},
	{
		name: 'the version that a named source must have',
		setting: 'python.version',
		from: BY_URL,
		to: manifest('"3.13.5"', '"3.13.4"'),
		inputs: ['source', 'base', ...COMPILED],
	},
	{
		name: 'the hash of a source',
		setting: 'python.source.sha256',
		from: BY_URL,
		to: manifest('1'.repeat(64), '2'.repeat(64)),
		inputs: ['source'],
	},
	{
		name: 'another tarball of the user',
		setting: 'python.source.path',
		from: BY_TARBALL,
		to: manifest('p.tgz', 'q.tgz'),
		inputs: ['source'],
	},
	{ name: "the bytes of the user's tarball", from: BY_TARBALL, to: file('p.tgz'), inputs: ['source'] },
	{ name: "a file of the user's tree", from: BY_TREE, to: file('tree/Lib/os.py'), inputs: ['source'] },
	{ name: "a new file in the user's tree", from: BY_TREE, to: file('tree/Lib/new.py'), inputs: ['source'] },

	// The manifest: modules.
	{
		name: 'the docstring of a module',
		setting: 'modules.*.doc',
		to: manifest('Demonstrates', 'Shows'),
		inputs: ['compile:demo'],
	},
	{
		name: 'a signature, the short form',
		setting: 'modules.*.functions.*',
		to: manifest('func() -> u8', 'func() -> u16'),
		inputs: ['compile:plain', 'link'],
	},
	{
		name: 'a signature, the long form',
		setting: 'modules.*.functions.*.signature',
		to: manifest('func(a: s32, b: s32) -> s32', 'func(a: s32, b: s32) -> s64'),
		inputs: ['compile:demo', 'link', 'verify'],
	},
	{
		name: 'the module of an import',
		setting: 'modules.*.functions.*.import_module',
		to: manifest(
			'import_module: env\n        import_name: demo_bar',
			'import_module: host\n        import_name: demo_bar',
		),
		inputs: ['compile:demo', 'link', 'verify'],
	},
	{
		name: 'the name of an import',
		setting: 'modules.*.functions.*.import_name',
		to: manifest('demo_bar', 'demo_foo'),
		inputs: ['compile:demo', 'link', 'verify'],
	},
	{
		name: 'a default value',
		setting: 'modules.*.functions.*.defaults.*',
		to: manifest('{ b: 1 }', '{ b: 2 }'),
		inputs: ['compile:demo'],
	},
	{
		name: 'the docstring of a function',
		setting: 'modules.*.functions.*.doc',
		to: manifest('doc: Adds', 'doc: Sums'),
		inputs: ['compile:demo'],
	},
	{ name: 'the name of a function', to: manifest('baz:', 'bay:'), inputs: ['compile:demo', 'link', 'verify'] },
	{
		name: 'the order of functions, which is that of the generated code',
		to: (world) => {
			const baz = '      baz: "func(text: string)"\n';
			return manifest('      bar:\n', `${baz}      bar:\n`)(manifest(baz, '')(world));
		},
		inputs: ['compile:demo'],
	},
	{
		name: 'the name of a module',
		to: manifest('plain:', 'simple:'),
		inputs: ['compile:plain', 'compile:simple', 'inittab', 'link', 'verify'],
	},
	{
		name: 'a module more',
		to: manifest('  plain:', '  more: { functions: { two: "func()" } }\n  plain:'),
		inputs: ['compile:more', 'inittab', 'link', 'verify'],
	},
	{
		name: 'the docstring of a module in C',
		setting: 'modules.*.doc',
		to: manifest('doc: Fast', 'doc: Quick'),
		inputs: [],
	},
	{
		name: 'a C file less',
		setting: 'modules.*.sources.*',
		to: manifest('native/fast.c, native/more.c', 'native/fast.c'),
		inputs: ['compile:fast'],
	},
	{
		name: 'the order of C files, in which they are linked',
		to: manifest('native/fast.c, native/more.c', 'native/more.c, native/fast.c'),
		inputs: ['compile:fast'],
	},
	{
		name: 'which of two C files with the same name is the first',
		from: TWINS,
		to: manifest('native/fast.c, shared/fast.c', 'shared/fast.c, native/fast.c'),
		inputs: ['compile:fast'],
	},
	{
		name: 'an include folder less',
		setting: 'modules.*.include.*',
		to: manifest('native/include, native/other', 'native/include'),
		inputs: ['compile:fast'],
	},
	{
		name: 'the order of include folders',
		to: manifest('native/include, native/other', 'native/other, native/include'),
		inputs: ['compile:fast'],
	},
	{
		name: 'a macro',
		setting: 'modules.*.define.*',
		to: manifest('LEVEL: 2', 'LEVEL: 3'),
		inputs: ['compile:fast'],
	},
	{
		name: 'a compiler argument',
		setting: 'modules.*.cflags.*',
		to: manifest('-Wno-unused-variable', '-Wno-unused-value'),
		inputs: ['compile:fast'],
	},
	{
		name: 'the order of compiler arguments',
		to: manifest('-Wno-unused-parameter, -Wno-unused-variable', '-Wno-unused-variable, -Wno-unused-parameter'),
		inputs: ['compile:fast'],
	},
	{
		name: 'a library less',
		setting: 'modules.*.libs.*',
		to: manifest('native/libone.a, native/libtwo.a', 'native/libone.a'),
		inputs: ['link'],
	},
	{
		name: 'the order of libraries',
		to: manifest('native/libone.a, native/libtwo.a', 'native/libtwo.a, native/libone.a'),
		inputs: ['link'],
	},
	{
		name: 'a signature that C code calls, the short form',
		setting: 'modules.*.imports.*',
		from: { ...WORLD, manifest: WORLD.manifest.replace('      log:\n', '      say: "func(level: u8)"\n      log:\n') },
		to: manifest('say: "func(level: u8)"', 'say: "func(level: u64)"'),
		inputs: ['compile:fast', 'link', 'verify'],
	},
	{
		name: 'a signature that C code calls',
		setting: 'modules.*.imports.*.signature',
		to: manifest('func(level: u8)', 'func(level: u64)'),
		inputs: ['compile:fast', 'link', 'verify'],
	},
	{
		name: 'the module of an import that C code calls',
		setting: 'modules.*.imports.*.import_module',
		to: manifest(
			'import_module: env\n        import_name: fast_log',
			'import_module: host\n        import_name: fast_log',
		),
		inputs: ['compile:fast', 'link', 'verify'],
	},
	{
		name: 'the name of an import that C code calls',
		setting: 'modules.*.imports.*.import_name',
		to: manifest('fast_log', 'quick_log'),
		inputs: ['compile:fast', 'link', 'verify'],
	},
	{
		name: 'the description of an import that C code calls',
		setting: 'modules.*.imports.*.doc',
		to: manifest('doc: Logs', 'doc: Notes'),
		inputs: ['compile:fast'],
	},

	{
		name: 'a type',
		setting: 'modules.*.types',
		from: { ...WORLD, manifest: WORLD.manifest.replace('plain: {', 'plain: { types: "enum c { a }",') },
		to: manifest('enum c { a }', 'enum c { a, b }'),
		inputs: ['compile:plain', 'link'],
	},
	{
		name: 'another folder of WIT files, the short form',
		setting: 'wit',
		from: declared('one'),
		to: manifest('wit: one', 'wit: more'),
		inputs: ['compile:log', 'link', 'verify'],
	},
	{
		name: 'another folder of WIT files',
		setting: 'wit.path',
		from: declared('{ path: one }'),
		to: manifest('path: one', 'path: more'),
		inputs: ['compile:log', 'link', 'verify'],
	},
	{
		name: 'another world',
		setting: 'wit.world',
		from: declared('{ path: both, world: one }'),
		to: manifest('world: one', 'world: two'),
		inputs: ['compile:log', 'link', 'verify'],
	},
	{
		name: 'a feature of WIT files',
		setting: 'wit.features.*',
		from: declared('{ path: both, world: one, features: [y] }'),
		to: manifest('features: [y]', 'features: [x]'),
		inputs: ['compile:log', 'link', 'verify'],
	},

	// The manifest: how to build.
	{
		name: 'optimising for size',
		setting: 'build.optimize',
		to: manifest('optimize: release', 'optimize: size'),
		inputs: ['base', ...COMPILED],
	},
	{
		name: 'debug information',
		setting: 'build.debug',
		to: manifest(' debug: false', ' debug: true'),
		inputs: ['base', ...COMPILED, 'link'],
	},
	{
		name: "CPython's assertions",
		setting: 'build.pydebug',
		to: manifest('pydebug: false', 'pydebug: true'),
		inputs: ['base', ...COMPILED],
	},
	{
		name: 'a component',
		setting: 'build.component',
		to: manifest('component: false', 'component: true'),
		inputs: ['component'],
	},
	{ name: 'another jco', from: COMPONENT, to: jco({ jco: '1.0.1' }), inputs: ['component'] },
	{
		name: "another version of jco's wasm-tools",
		from: COMPONENT,
		to: jco({ tools: '0.1.1' }),
		inputs: ['component'],
	},
	{ name: 'other bytes of jco', from: COMPONENT, to: jco({ files: { adapter: 'b' } }), inputs: ['component'] },
	{
		name: "the name of a component's import",
		from: COMPONENT,
		to: manifest('demo_bar', 'demo_baz'),
		inputs: ['compile:demo', 'component', 'link', 'verify'],
	},
	{
		name: "the name of a component's export",
		from: COMPONENT,
		to: manifest('export_name: forget\n', 'export_name: lose\n'),
		inputs: ['compile:_cpybuild', 'component', 'link', 'verify'],
	},
	{
		name: "a doc comment of a component's WIT",
		from: COMPONENT,
		to: manifest('doc: Demonstrates', 'doc: Shows'),
		inputs: ['compile:demo', 'component'],
	},
	{
		name: 'the initial memory',
		setting: 'build.memory.initial',
		to: manifest('20MiB', '30MiB'),
		inputs: ['link'],
	},
	{ name: 'the most memory', setting: 'build.memory.max', to: manifest('1GiB', '2GiB'), inputs: ['link'] },
	{ name: 'the stack', setting: 'build.stack', to: manifest('8MiB', '4MiB'), inputs: ['link'] },
	{
		name: 'a launcher that may compile with another clang',
		setting: 'build.launcher',
		to: (world) => ({
			...world,
			options: { ...world.options, launcher: { choice: 'distcc', environment: {} } },
		}),
		inputs: ['base'],
	},

	// The user's files.
	...[
		'native/fast.c',
		'native/more.c',
		'native/near.h',
		'native/include/fast.h',
		'shared/deep.h',
		'native/maybe.h',
		'native/table.bin',
		'native/other/raw.bin',
		'native/other/later.h',
	].map((path): Row => ({ name: `the bytes of ${path}`, to: file(path), inputs: ['compile:fast'] })),
	...['native/libone.a', 'native/libtwo.a'].map(
		(path): Row => ({ name: `the bytes of ${path}`, to: file(path), inputs: ['link'] }),
	),
	{
		name: 'a header that is now found before another of the same name',
		to: file('native/include/later.h'),
		inputs: ['compile:fast'],
	},
	{
		name: 'the bytes of a file that a compiler argument names',
		from: FLAGGED,
		within: 'flagged',
		to: file('flag.h'),
		inputs: ['compile:fast'],
	},

	// The toolchain.
	...Object.keys(WORLD.toolchain.identity.programs).map(
		(program): Row => ({
			name: `the program ${program}`,
			to: identity({ programs: { ...WORLD.toolchain.identity.programs, [program]: '9'.repeat(64) } }),
			inputs: TOOLED,
		}),
	),
	{
		name: 'a library of the compiler',
		to: identity({ libraries: { 'libLLVM.so.19.1': '9'.repeat(64) } }),
		inputs: TOOLED,
	},
	{
		name: 'a library more',
		to: identity({ libraries: { ...WORLD.toolchain.identity.libraries, 'libz.so.1': '9'.repeat(64) } }),
		inputs: TOOLED,
	},
	{ name: 'the C library', to: identity({ sysroot: '9'.repeat(64) }), inputs: TOOLED },
	{ name: 'the headers of the compiler', to: identity({ headers: '9'.repeat(64) }), inputs: TOOLED },
	{ name: 'the runtime library of the compiler', to: identity({ builtins: '9'.repeat(64) }), inputs: TOOLED },
	{ name: 'the target', to: identity({ target: 'wasm32-wasi' }), inputs: TOOLED },
	{ name: 'what the compiler says it is', to: identity({ compiler: 'clang version 20' }), inputs: TOOLED },
	{
		name: 'a part of the toolchain that nobody has thought of',
		to: identity({ another: 'x' } as Partial<ToolchainIdentity>),
		inputs: TOOLED,
	},

	// What cpybuild knows of CPython.
	{ name: "the tarball's hash", to: pin({ sha256: '9'.repeat(64) }), inputs: ['source'] },
	{
		name: 'the time that the build shows',
		to: cpython((chosen) => ({ ...chosen, epoch: 1 })),
		inputs: ['base', ...COMPILED],
	},
	{ name: 'the target as autoconf calls it', to: recipe({ triple: 'wasm32-wasi' }), inputs: ['base'] },
	{ name: 'the site file of configure', to: recipe({ configSite: 'other' }), inputs: ['base'] },
	{ name: 'compiler flags of the recipe', to: recipe({ cflags: ['-Wall'] }), inputs: ['base'] },
	{ name: 'whether modules are deep-frozen', to: recipe({ deepfreeze: true }), inputs: ['base'] },
	{ name: 'the minor version of the recipe', to: recipe({ minor: '3.11' }), inputs: ['source', 'stdlib'] },
	{
		name: 'known answers of configure are not wanted',
		to: (world) => ({ ...world, options: { ...world.options, seed: false } }),
		inputs: ['base'],
	},

	// The manifest: what Python code implements.
	{
		name: 'the Python module of exports',
		setting: 'exports.*.module',
		to: manifest('acme.billing', 'acme.prices'),
		inputs: ['compile:_cpybuild', 'link'],
	},
	{
		name: 'an export, the short form',
		setting: 'exports.*.functions.*',
		to: manifest('func(item: string) -> f64', 'func(item: string) -> f32'),
		inputs: ['compile:_cpybuild', 'link', 'verify'],
	},
	{
		name: 'an export, the long form',
		setting: 'exports.*.functions.*.signature',
		to: manifest('signature: "func()"', 'signature: "func() -> u8"'),
		inputs: ['compile:_cpybuild', 'link', 'verify'],
	},
	{
		name: 'the Python function of an export',
		setting: 'exports.*.functions.*.function',
		to: manifest('forget_all', 'forget_more'),
		inputs: ['compile:_cpybuild', 'link'],
	},
	{
		name: 'the name of an export',
		setting: 'exports.*.functions.*.export_name',
		to: manifest('export_name: forget\n', 'export_name: lose\n'),
		inputs: ['compile:_cpybuild', 'link', 'verify'],
	},

	// cpybuild's own files.
	{ name: 'the known answers of configure', to: own('seeds/3.13.5-79eef0c336fe55cf.cache'), inputs: ['base'] },
	{
		name: 'a patch',
		from: OLD,
		to: own('cpython-patches/3.11/0001-no-pthread-exit-on-wasi.patch'),
		inputs: ['source'],
	},
	{ name: 'the script that compiles the standard library', to: own('templates/stdlib/compile.py'), inputs: ['stdlib'] },
	{ name: 'the note on licences', to: own('templates/licenses/README.md'), inputs: ['stdlib'] },
	{ name: "the stubs' header", to: own('templates/c/cpybuild.h'), inputs: COMPILED },
	{ name: "the stubs' support code", to: own('templates/c/_cpybuild.c'), inputs: ['compile:_cpybuild'] },
	{ name: 'the header of the entry points', to: own('templates/c/embed.h'), inputs: ['compile:_cpybuild'] },
	{ name: 'the entry points of hosts', to: own('templates/c/_embed.c'), inputs: ['compile:_cpybuild'] },
	{ name: 'what hosts see of exceptions', to: own('templates/c/_report.c'), inputs: ['compile:_cpybuild'] },
	...['exports.c.in', 'export.c.in', 'post.c.in'].map((name) => ({
		name: `the template of exports, ${name}`,
		to: own(`templates/c/${name}`),
		inputs: ['compile:_cpybuild'],
	})),
	{
		name: 'the template of results with parts',
		from: { ...WORLD, manifest: WORLD.manifest.replace('func(item: string) -> f64', 'func() -> list<string>') },
		to: own('templates/c/values-post.c.in'),
		inputs: ['compile:_cpybuild'],
	},
	{ name: 'the template of a module', to: own('templates/c/module.c.in'), inputs: ['compile:demo', 'compile:plain'] },
	{
		name: 'the template of a function',
		to: own('templates/c/function.c.in'),
		inputs: ['compile:demo', 'compile:plain'],
	},
	{
		name: 'the template of an import',
		to: own('templates/c/import.h.in'),
		inputs: ['compile:demo', 'compile:fast', 'compile:plain'],
	},
	{
		name: 'the template of an import that C code calls',
		to: own('templates/c/checked.h.in'),
		inputs: ['compile:fast'],
	},
	{
		name: 'the template of parameters in memory',
		from: SPILLED,
		to: own('templates/c/record.h.in'),
		inputs: ['compile:plain'],
	},
	{
		name: 'the header of values',
		from: RICH,
		to: own('templates/c/cpybuild_types.h'),
		inputs: ['compile:_cpybuild', 'compile:plain'],
	},
	...SUPPORT.map((file) => ({
		name: `the support code of values: ${file}`,
		from: RICH,
		to: own(`templates/c/${file}`),
		inputs: ['compile:_cpybuild'],
	})),
	{
		name: 'the support code of packages',
		from: PACKAGED,
		to: own('templates/c/_cpybuild_package.c'),
		inputs: ['compile:_cpybuild'],
	},
	{
		name: 'the template of a package',
		from: PACKAGED,
		to: own('templates/c/package.c.in'),
		inputs: ['compile:_cpybuild'],
	},
	{ name: 'the template of a struct', from: RICH, to: own('templates/c/struct.h.in'), inputs: ['compile:plain'] },
	{ name: 'the template of a resource', from: RICH, to: own('templates/c/resource.c.in'), inputs: ['compile:plain'] },
	{ name: 'the template of a header of imports', to: own('templates/c/imports.h.in'), inputs: ['compile:fast'] },
];

/** Everything that must not change any key. */
export const NEUTRAL: readonly (Omit<Row, 'inputs'> & {
	readonly folder?: string;
	readonly around?: () => () => void;
})[] = [
	{ name: 'nothing', to: (world) => world },
	{ name: 'comments', to: manifest('modules:\n', '# What Python can import.\nmodules: # all of it\n') },
	{
		name: 'the order of sections',
		to: (world) => {
			const at = world.manifest.indexOf('build:');
			return { ...world, manifest: world.manifest.slice(at) + world.manifest.slice(0, at) };
		},
	},
	{
		name: 'the order of modules',
		to: (world) => {
			const plain = '  plain: { functions: { one: "func() -> u8" } }\n';
			return manifest('  demo:\n', `${plain}  demo:\n`)(manifest(plain, '')(world));
		},
	},
	{
		name: 'the order of settings',
		to: manifest('  optimize: release\n  debug: false\n', '  debug: false\n  optimize: release\n'),
	},
	{ name: 'the order of macros', to: manifest(`{ LEVEL: 2, NAME: '"x"' }`, `{ NAME: '"x"', LEVEL: 2 }`) },
	{
		name: 'the order of what is said about a function',
		to: manifest('        defaults: { b: 1 }\n        doc: Adds\n', '        doc: Adds\n        defaults: { b: 1 }\n'),
	},
	{ name: 'the description of exports', setting: 'exports.*.doc', to: manifest('doc: Prices', 'doc: Costs') },
	{ name: 'types that exports could name', setting: 'exports.*.use.*', to: manifest('use: [demo]', 'use: [plain]') },
	{
		name: 'the description of an export',
		setting: 'exports.*.functions.*.doc',
		to: manifest('doc: Forgets', 'doc: Loses'),
	},
	{ name: 'another spelling of a size', to: manifest('20MiB', '20971520') },
	{ name: 'another spelling of a path', to: manifest('native/more.c', './native//more.c') },
	{ name: 'settings that are the default', to: manifest('  optimize: release\n', '') },
	{
		name: 'which toolchain was asked for',
		setting: 'build.toolchain',
		to: manifest('toolchain: embedded', 'toolchain: auto'),
	},
	...['wasi-sdk', 'sha256', 'sha256.*', 'url'].map((name) => ({
		name: `which WASI-SDK was asked for: ${name}`,
		setting: `build.toolchain.${name}`,
		to: manifest('toolchain: embedded', `toolchain: { wasi-sdk: 24, sha256: ${'ab'.repeat(32)}, url: "http://x/y" }`),
	})),
	{
		name: 'default values that C code does not see',
		setting: 'modules.*.imports.*.defaults.*',
		to: manifest('defaults: { level: 1 }', 'defaults: { level: 2 }'),
	},
	{
		name: 'a launcher that compiles with the same clang',
		to: (world) => ({
			...world,
			options: { ...world.options, launcher: { choice: 'ccache', environment: { CCACHE_DIR: '/x' } } },
		}),
	},
	// The toolchain in a container is identified by its files, as one on this machine is.
	...(
		[
			['build.machine', 'machine: container'],
			['build.container.image', 'container: { image: debian:trixie }'],
			['build.container.base', 'container: { base: debian:trixie }'],
		] as const
	).map(([setting, line]) => ({
		name: `where the compiler runs (${setting})`,
		setting,
		to: manifest('  stack: 8MiB', `  stack: 8MiB\n  ${line}`),
	})),
	{
		name: 'where the source comes from',
		setting: 'python.source.url',
		from: BY_URL,
		to: manifest('example.org', 'example.com'),
	},
	{
		name: 'the case of a hash',
		from: sourced(`url: "https://example.org/p.tgz", sha256: "${'a'.repeat(64)}"`),
		to: manifest('a'.repeat(64), 'A'.repeat(64)),
	},
	{ name: 'another tarball with the same bytes', from: BY_TARBALL, to: manifest('p.tgz', 'r.tgz') },
	{ name: "a file of the user's tree that no build reads", from: BY_TREE, to: file('tree/Doc/x.rst') },
	{ name: 'a mirror', to: (world) => ({ ...world, options: { ...world.options, mirror: 'http://mirror.example' } }) },
	{ name: 'being offline', to: (world) => ({ ...world, options: { ...world.options, offline: true } }) },
	{ name: 'where a pinned source is published', to: pin({ url: 'https://example.org/x', debianSource: 'x' }) },
	{ name: 'whether the tests build a version', to: recipe({ tested: false, wasiSdk: '99' }) },
	{
		name: 'the name of the toolchain',
		to: (world) => ({ ...world, toolchain: { ...world.toolchain, name: 'other' } }),
	},
	{ name: 'a header that nobody includes', to: file('native/unread.h') },
	{ name: 'a file that appears where nobody looks', to: file('native/new.c') },
	{
		name: 'another folder, where the manifest names files by their whole paths',
		from: WHOLE,
		to: (world) => world,
		folder: 'deep/down',
	},
	{ name: 'another folder', to: (world) => world, folder: 'another folder/with ünusual name' },
	{
		name: 'another user, time zone, language and clock',
		to: (world) => world,
		around: () => {
			const before = { ...process.env };
			Object.assign(process.env, {
				HOME: '/nobody',
				USER: 'nobody',
				LOGNAME: 'nobody',
				TZ: 'Asia/Tokyo',
				LANG: 'tr_TR.UTF-8',
				LC_ALL: 'tr_TR.UTF-8',
				CPATH: '/x',
				SOURCE_DATE_EPOCH: '1',
				CFLAGS: '-O0',
				HOSTNAME: 'other',
			});
			return () => {
				for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
				Object.assign(process.env, before);
			};
		},
	},
];
