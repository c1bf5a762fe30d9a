import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { BuildEvent, Report } from '../../src/report.js';
import { CLI } from '../helpers/cli.js';
import { hashFolder } from '../helpers/folder.js';
import { nativeModule } from '../helpers/native.js';
import { makeProject, type Project } from '../helpers/project.js';

/** A change that goes unnoticed is waited for in vain. */
vi.setConfig({ testTimeout: 180_000 });

type Failed = { readonly type: 'failed'; readonly exitCode: number; readonly diagnostics: readonly { code: string }[] };
type Watching = { readonly type: 'watching'; readonly files: readonly string[] };
type Line = BuildEvent | ({ readonly type: 'report' } & Report) | Failed | Watching;

/** A `cpybuild watch --json` that runs until the test has finished. */
interface Watch {
	/** The next line of a type after those that were asked for already; throws when the process has ended. */
	next<T extends Line['type']>(type: T): Promise<Extract<Line, { type: T }>>;
	/** The ids of the steps that the next build that goes well runs. */
	ran(): Promise<readonly string[]>;
	kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

function startWatch(project: Project, ...args: string[]): Watch {
	const child = spawn(process.execPath, ['--no-warnings', CLI, 'watch', '--json', ...args], {
		cwd: project.folder,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const lines: Line[] = [];
	let asked = 0;
	let over = false;
	let wake = () => {};
	const reader = createInterface({ input: child.stdout });
	reader.on('line', (line) => {
		lines.push(JSON.parse(line));
		wake();
	});
	const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
		child.once('exit', (code, signal) => resolve(signal ?? code));
	});
	reader.once('close', () => {
		over = true;
		wake();
	});
	const kill = (signal: NodeJS.Signals) => {
		child.kill(signal);
		return ended;
	};
	onTestFinished(async () => {
		await kill('SIGKILL');
	});
	const next: Watch['next'] = async (type) => {
		for (;;) {
			const line = lines[asked];
			if (line) {
				asked++;
				if (line.type === type) return line as Extract<Line, { type: typeof type }>;
			} else {
				if (over) throw new Error(`it ended before a line of type "${type}"`);
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
			}
		}
	};
	const ran = async () => {
		const { steps } = await next('report');
		return steps.flatMap(({ id, status }) => (status === 'ran' ? [id] : [])).sort();
	};
	return { next, ran, kill };
}

/** Makes what a test builds differ from what earlier tests left in the store. */
const fresh = () => `value_${Date.now().toString(36)}_${Math.random().toString(36).slice(2)}`;

const manifest = (name: string, more = '') => `python: "3.13.5"
modules:
  demo:
    functions:
      ${name}: { signature: "func(a: s32) -> s32" }
${more}`;

const names = ({ imports }: Report) => imports.map(({ name }) => name);

test('bindings and python.wasm follow the manifest, and the end is 0', async () => {
	const [one, two] = [fresh(), fresh()];
	const project = await makeProject({ 'project.yaml': manifest(one) });
	const watch = startWatch(project);
	expect(names(await watch.next('report'))).toEqual([one]);
	const { files } = await watch.next('watching');
	expect(files.map((file) => file.slice(project.folder.length + 1)).sort()).toEqual(['cpybuild.lock', 'project.yaml']);
	await project.write('project.yaml', manifest(two));
	const report = await watch.next('report');
	expect(names(report)).toEqual([two]);
	expect(readFileSync(join(project.dist, 'bindings.ts'), 'utf8')).toContain(two);
	// The same as a build of its own makes.
	await watch.next('watching');
	expect(await watch.kill('SIGINT')).toBe(0);
	const before = hashFolder(project.dist);
	expect(await project.build('--quiet')).toMatchObject({ code: 0, stderr: '' });
	expect(hashFolder(project.dist)).toEqual(before);
});

test('every file of a C module is followed, wherever and however it changes', async () => {
	const source = (value: string) => nativeModule('fast', `    return PyLong_FromLong(${value});`, '#include "fast.h"');
	const right = 'python: "3.13.5"\nmodules:\n  fast: { sources: [native/fast.c], include: [include] }\n';
	const project = await makeProject({
		'project.yaml': right,
		'native/fast.c': source('FAST'),
		'include/fast.h': `#define FAST 1 /* ${fresh()} */\n`,
	});
	const watch = startWatch(project);
	await watch.next('watching');
	const changed = ['compile:fast', 'link', 'verify'];

	await project.write('native/fast.c', source(`FAST + /* ${fresh()} */ 1`));
	expect(await watch.ran()).toEqual(changed);

	await project.write('include/fast.h.new', `#define FAST 2 /* ${fresh()} */\n`);
	await rename(join(project.folder, 'include/fast.h.new'), join(project.folder, 'include/fast.h'));
	expect(await watch.ran()).toEqual(changed);

	// Beside the source is looked first.
	await project.write('native/fast.h', `#include "deep/more.h"\n#define FAST 3 /* ${fresh()} */\n`);
	expect((await watch.next('failed')).exitCode).toBe(1);
	await project.write('native/deep/more.h', `/* ${fresh()} */\n`);
	expect(await watch.ran()).toEqual(changed);
	await project.write('native/deep/more.h', `/* ${fresh()} */\n`);
	expect(await watch.ran()).toEqual(changed);

	// As version control changes branches.
	await rename(join(project.folder, 'native'), join(project.folder, 'elsewhere'));
	expect((await watch.next('failed')).exitCode).toBe(2);
	await project.write('next/fast.c', source(`/* ${fresh()} */ 4`));
	await project.write('next/fast.h', '');
	await rename(join(project.folder, 'next'), join(project.folder, 'native'));
	expect(await watch.ran()).toEqual(changed);
	await project.write('native/fast.c', source(`/* ${fresh()} */ 5`));
	expect(await watch.ran()).toEqual(changed);

	// While the manifest is wrong, its files from before are followed.
	await project.write('project.yaml', 'python: [');
	expect((await watch.next('failed')).exitCode).toBe(2);
	await project.write('native/fast.c', source(`/* ${fresh()} */ 6`));
	expect((await watch.next('failed')).exitCode).toBe(2);
	await project.write('project.yaml', right);
	expect(await watch.ran()).toEqual(changed);
	await watch.next('watching');
	expect(await project.python('import fast; print(fast.value())')).toMatchObject({ stdout: '6' });
});

test('mistakes end nothing, and what mends them is seen', async () => {
	const [one, two] = [fresh(), fresh()];
	const project = await makeProject({});
	const watch = startWatch(project);
	const codes = async () => (await watch.next('failed')).diagnostics.map(({ code }) => code);
	expect(await codes()).toEqual(['manifest/unreadable']);

	await project.write('project.yaml', manifest(one));
	expect(names(await watch.next('report'))).toEqual([one]);

	await project.write('project.yaml', manifest(one).replace('s32', 's33'));
	expect(await codes()).toEqual(['manifest/unknown-type']);
	// Nothing has to be built, and still it is told that all is well again.
	await project.write('project.yaml', manifest(one));
	expect((await watch.next('report')).status).toBe('up-to-date');

	// The manifest is right when the file is there that it names.
	await project.write('project.yaml', manifest(two, '  later: { sources: ["native/new/later.c"] }\n'));
	expect(await codes()).toEqual(['manifest/missing-file']);
	await project.write('native/new/later.c', 'int oops(');
	expect(await codes()).toEqual(['build/compile-failed']);
	await project.write('native/new/later.c', nativeModule('later', `    return PyLong_FromLong(1); /* ${fresh()} */`));
	expect(names(await watch.next('report'))).toEqual([two]);

	await rm(join(project.folder, 'project.yaml'));
	expect(await codes()).toEqual(['manifest/unreadable']);
	await project.write('project.yaml', manifest(one));
	expect(names(await watch.next('report'))).toEqual([one]);
	expect(await watch.kill('SIGTERM')).toBe(0);
});

test('WIT files are followed, wrong ones too', async () => {
	const name = fresh().replaceAll('_', '');
	const world = (result: string) =>
		`package a:b;\nworld w {\n  import log: interface { ${name}: func() -> ${result}; }\n}\n`;
	const project = await makeProject({ 'project.yaml': 'python: "3.13.5"\nwit: wit\n', 'wit/w.wit': world('strin') });
	const watch = startWatch(project);
	expect((await watch.next('failed')).diagnostics.map(({ code }) => code)).toEqual(['manifest/unknown-type']);
	await watch.next('watching');
	await project.write('wit/w.wit', world('u8'));
	await watch.next('report');
	await watch.next('watching');
	await project.write('wit/w.wit', world('u16'));
	expect(await watch.ran()).toEqual(['compile:log', 'link', 'verify']);
	await watch.next('watching');
	// A file that is wholly new, of the same package.
	await project.write('wit/more.wit', 'package a:b;\ninterface more { many: func() -> u16; }\ninterface');
	expect((await watch.next('failed')).diagnostics.map(({ code }) => code)).toEqual(['wit/syntax']);
	await watch.next('watching');
	await project.write('wit/more.wit', 'package a:b;\ninterface more { many: func() -> u16; }\n');
	await watch.next('report');
	await watch.next('watching');
	await project.write('wit/deps/far/far.wit', 'package far:far;\ninterface');
	expect((await watch.next('failed')).diagnostics.map(({ code }) => code)).toEqual(['wit/syntax']);
});

test('a burst of changes is one build or two, and the last content wins', async () => {
	const project = await makeProject({ 'project.yaml': manifest(fresh()) });
	const watch = startWatch(project);
	await watch.next('watching');
	const contents = Array.from({ length: 20 }, fresh);
	for (const name of contents) await project.write('project.yaml', manifest(name));
	const built: (readonly string[])[] = [];
	do built.push(names(await watch.next('report')));
	while (built.at(-1)?.[0] !== contents.at(-1));
	expect(built.length).toBeLessThanOrEqual(2);
});

test('a change while a build runs starts another one after it', async () => {
	const [one, two, three] = [fresh(), fresh(), fresh()];
	const project = await makeProject({ 'project.yaml': manifest(one) });
	const watch = startWatch(project);
	await watch.next('watching');
	await project.write('project.yaml', manifest(two));
	await watch.next('planned');
	await project.write('project.yaml', manifest(three));
	expect(names(await watch.next('report'))).toEqual([two]);
	expect(names(await watch.next('report'))).toEqual([three]);
});

test('where the system tells nothing, files are looked at from time to time', async () => {
	const [one, two] = [fresh(), fresh()];
	const project = await makeProject({ 'project.yaml': manifest(one) });
	const watch = startWatch(project, '--poll');
	await watch.next('watching');
	await project.write('project.yaml', manifest(two));
	expect(names(await watch.next('report'))).toEqual([two]);
});

test('Ctrl-C during a build ends it, with a dist that is whole', async () => {
	const project = await makeProject({ 'project.yaml': manifest(fresh()) });
	const watch = startWatch(project);
	await watch.next('watching');
	const before = hashFolder(project.dist);
	await project.write('project.yaml', manifest(fresh()));
	await watch.next('step-started');
	expect(await watch.kill('SIGINT')).toBe(0);
	expect(existsSync(join(project.dist, 'build.json'))).toBe(true);
	expect(hashFolder(project.dist)).toEqual(before);
});
