import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Cpython } from '../../../src/cpython/choose.js';
import type { Plan, PlanInput } from '../../../src/plan.js';
import type { Step } from '../../../src/steps/step.js';
import type { ToolchainRecord } from '../../../src/toolchain/toolchain.js';

/** Everything from outside that a plan could depend on. */
export interface World {
	/** Text of project.yaml. */
	readonly manifest: string;
	/** The user's files, by their way from the manifest's folder. */
	readonly files: Readonly<Record<string, string>>;
	readonly toolchain: ToolchainRecord;
	readonly options: Pick<PlanInput, 'seed' | 'mirror' | 'offline' | 'launcher' | 'jco'>;
	/** cpybuild's own data about CPython. */
	readonly cpython: (chosen: Cpython) => Cpython;
	/** Texts of cpybuild's own files that are replaced, by path in its folder. */
	readonly own: Readonly<Record<string, (text: string) => string>>;
}

const hash = (text: string) => text.repeat(64).slice(0, 64);

/** A manifest that uses every setting there is, and a toolchain with every part. */
export const WORLD: World = {
	manifest: `python: "3.13.5"
modules:
  demo:
    doc: Demonstrates
    functions:
      bar:
        signature: "func(a: s32, b: s32) -> s32"
        import_module: env
        import_name: demo_bar
        defaults: { b: 1 }
        doc: Adds
      baz: "func(text: string)"
  plain: { functions: { one: "func() -> u8" } }
  fast:
    doc: Fast
    sources: [native/fast.c, native/more.c]
    include: [native/include, native/other]
    define: { LEVEL: 2, NAME: '"x"' }
    cflags: [-Wno-unused-parameter, -Wno-unused-variable]
    libs: [native/libone.a, native/libtwo.a]
    imports:
      log:
        signature: "func(level: u8)"
        import_module: env
        import_name: fast_log
        defaults: { level: 1 }
        doc: Logs
exports:
  billing:
    doc: Prices
    module: acme.billing
    use: [demo]
    functions:
      quote: "func(item: string) -> f64"
      list: "func() -> string"
      reset:
        signature: "func()"
        function: forget_all
        export_name: forget
        doc: Forgets
build:
  toolchain: embedded
  launcher: none
  optimize: release
  debug: false
  pydebug: false
  component: false
  memory: { initial: 20MiB, max: 1GiB }
  stack: 8MiB
`,
	files: {
		'native/fast.c': [
			'#include <Python.h>',
			'#include "near.h"',
			'#include <fast.h>',
			'#if __has_include("maybe.h")',
			'#endif',
			'static const char table[] = {',
			'#embed "table.bin"',
			'};',
			'asm(".incbin \\"raw.bin\\"");',
			'#if 0',
			'#include "later.h"',
			'#endif',
			'',
		].join('\n'),
		'native/more.c': 'int more;\n',
		'native/near.h': '#include "../shared/deep.h"\n',
		'native/maybe.h': '\n',
		'native/table.bin': '1',
		'native/other/raw.bin': '1',
		'native/include/fast.h': 'int fast;\n',
		'native/other/later.h': 'int later;\n',
		'shared/deep.h': 'int deep;\n',
		'native/unread.h': 'int unread;\n',
		'native/libone.a': '!<arch>\n',
		'native/libtwo.a': '!<arch>\n',
		'flag.h': 'int flag;\n',
	},
	toolchain: {
		name: 'some toolchain',
		identity: {
			target: 'wasm32-wasip1',
			compiler: 'clang version 19',
			programs: { clang: hash('a'), 'wasm-ld': hash('b'), 'llvm-ar': hash('c'), 'llvm-ranlib': hash('c') },
			libraries: { 'libLLVM.so.19.1': hash('d') },
			headers: hash('e'),
			builtins: hash('f'),
			// The C library for which cpybuild knows answers of configure.
			sysroot: `79eef0c336fe55cf${hash('0').slice(16)}`,
		},
	},
	options: {
		seed: true,
		mirror: undefined,
		offline: false,
		launcher: { choice: 'none', environment: {} },
		jco: { folder: '/jco', identity: { jco: '1.0.0', tools: '0.1.0', files: { adapter: hash('a') } } },
	},
	cpython: (chosen) => chosen,
	own: {},
};

/** Files outside of all projects. */
const SHARED = { 'all.c': '#include "all.h"\n', 'all.h': '\n', 'liball.a': '!<arch>\n' };

/** A copy of cpybuild with files replaced, whose modules are its own. */
export interface Copy {
	plan(world: World, folder?: string): Promise<Plan>;
	/** Plans a project that is there already, as it is. */
	planAgain(world: World, folder: string): Promise<Plan>;
	/** The path of a folder for a project. */
	folder(name: string): string;
	remove(): void;
}

/** What of cpybuild makes plans. */
interface Planning {
	readonly project: typeof import('../../../src/project.js');
	readonly choose: typeof import('../../../src/cpython/choose.js');
	readonly stubs: typeof import('../../../src/generate/stubs.js');
	readonly plan: typeof import('../../../src/plan.js');
	/** A folder outside of all projects. */
	readonly shared: string;
}

const ROOT = new URL('../../../', import.meta.url).pathname;

/** Which of cpybuild's folders decide about keys. */
const PARTS = ['src', 'templates', 'cpython-patches', 'seeds', 'package.json', 'tsconfig.json'];

/** Copies cpybuild, so that its own files can be changed, and plans with the copy. */
export async function copyCpybuild(own: World['own'] = {}): Promise<Copy> {
	const root = mkdtempSync(join(tmpdir(), 'cpybuild-keys-'));
	for (const part of PARTS) cpSync(join(ROOT, part), join(root, part), { recursive: true });
	symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
	for (const [path, change] of Object.entries(own)) replaceText(root, path, change);
	const load = (path: string) => import(/* @vite-ignore */ pathToFileURL(join(root, 'src', path)).href);
	const planning: Planning = {
		project: await load('project.ts'),
		choose: await load('cpython/choose.ts'),
		stubs: await load('generate/stubs.ts'),
		plan: await load('plan.ts'),
		shared: join(root, 'shared'),
	};
	mkdirSync(planning.shared);
	for (const [path, text] of Object.entries(SHARED)) writeFileSync(join(planning.shared, path), text);
	let projects = 0;
	return {
		remove: () => rmSync(root, { recursive: true }),
		folder: (name) => join(root, 'projects', name),
		planAgain: (world, folder) => planProject(planning, { ...world, files: {} }, folder),
		plan: async (world, folder = join(root, 'projects', `${projects++}`)) => {
			const undo = Object.entries(world.own).map(([path, change]) => replaceText(root, path, change));
			try {
				return await planProject(planning, world, folder);
			} finally {
				for (const back of undo) back();
			}
		},
	};
}

/** Replaces the text of a file, and gives what undoes it. */
function replaceText(root: string, path: string, change: (text: string) => string): () => void {
	const file = join(root, path);
	const before = readFileSync(file, 'utf8');
	const after = change(before);
	if (after === before) throw new Error(`${path} was not changed`);
	writeFileSync(file, after);
	return () => writeFileSync(file, before);
}

async function planProject(
	{ project, choose, stubs, plan, shared }: Planning,
	world: World,
	folder: string,
): Promise<Plan> {
	for (const [path, text] of Object.entries({ ...world.files, 'project.yaml': world.manifest })) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text.replaceAll('<folder>', folder).replaceAll('<shared>', shared));
	}
	const manifest = await project.loadManifest(join(folder, 'project.yaml'));
	return plan.makePlan({
		manifest,
		cpython: world.cpython(choose.chooseCpython(manifest.python)),
		generated: stubs.generateStubs(manifest),
		toolchain: world.toolchain,
		...world.options,
	});
}

/** Ids of the steps of two plans that differ in some respect, or that only one of them has. */
export function differingSteps(one: Plan, other: Plan, of: (step: Step) => string): readonly string[] {
	const valuesOf = (plan: Plan) => new Map(plan.steps.map((step) => [step.id, of(step)]));
	const [before, after] = [valuesOf(one), valuesOf(other)];
	return [...new Set([...before.keys(), ...after.keys()])].filter((id) => before.get(id) !== after.get(id)).sort();
}

/** Steps with all that read their outputs. */
export function withReaders(plan: Plan, ids: readonly string[]): readonly string[] {
	const reached = new Set(ids);
	// Needs stand before what reads them.
	for (const step of plan.steps) if (step.needs.some(({ id }) => reached.has(id))) reached.add(step.id);
	return [...reached].sort();
}
