import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore, type Store } from '../../../src/cache/store.js';
import { diagnostic, fail } from '../../../src/diagnostics/diagnostic.js';
import { execute } from '../../../src/execute.js';
import { nativeMachine } from '../../../src/machine/native.js';
import type { BuildEvent } from '../../../src/report.js';
import { makeStep } from '../../../src/steps/make-step.js';
import type { Step, StepContext } from '../../../src/steps/step.js';
import { found, type Toolchain } from '../../../src/toolchain/toolchain.js';
import { NO_TOOLCHAIN } from '../../helpers/identity.js';

/** A step that writes its id into a file, or does what it is told. */
function step(id: string, needs: readonly Step[], run?: (context: StepContext) => Promise<void>): Step {
	return makeStep({
		id,
		title: `do ${id}`,
		needs,
		inputs: {},
		run: run ?? ((context) => writeFile(join(context.out, 'file'), id)),
	});
}

/** No step of these tests uses a compiler. */
const toolchain: Toolchain = {
	name: 'none',
	identity: NO_TOOLCHAIN,
	argv: { clang: ['none'], 'wasm-ld': ['none'], 'llvm-ar': ['none'], 'llvm-ranlib': ['none'] },
	libraries: '',
	start: '',
	builtins: '',
	run: () => Promise.reject(new Error('there is no compiler')),
	openForMake: async () => ({}),
	close: async () => {},
};

async function openRun() {
	const root = await mkdtemp(join(tmpdir(), 'cpybuild-execute-'));
	onTestFinished(() => rm(root, { recursive: true, force: true }));
	const store = await openStore(root);
	onTestFinished(() => store.close());
	const events: BuildEvent[] = [];
	const machine = nativeMachine(process.env.PATH ?? '');
	const logs = join(root, 'logs');
	const run = (steps: readonly Step[], goals: readonly Step[], signal?: AbortSignal, other: Partial<Store> = {}) =>
		execute(steps, goals, {
			store: { ...store, ...other },
			machine,
			toolchain: found(toolchain),
			jobs: 2,
			signal,
			logs,
			onEvent: (event) => events.push(event),
		});
	const finished = () =>
		events.flatMap((event) => (event.type === 'step-finished' ? [`${event.id} ${event.status}`] : []));
	return { root, logs, run, events, finished };
}

/** Waits for the build's end as a long command does. */
const untilStopped = ({ signal }: StepContext) =>
	new Promise<void>((_, reject) => {
		const stop = () => {
			try {
				fail({ code: 'build/interrupted', message: 'the build was interrupted' });
			} catch (error) {
				reject(error);
			}
		};
		signal?.addEventListener('abort', stop);
	});

test('steps run after those that they need, and stored ones do not', async () => {
	const { run, finished, events } = await openRun();
	const a = step('a', []);
	const b = step('b', [a]);
	const c = step('c', [b]);
	const executed = await run([a, b, c], [c]);
	expect(finished()).toEqual(['a ran', 'b ran', 'c ran']);
	expect(await readFile(join(executed.output(c), 'file'), 'utf8')).toBe('c');
	events.length = 0;
	const d = step('d', [b]);
	await run([a, b, d], [d]);
	expect(events[0]).toEqual({
		type: 'planned',
		steps: [
			{ id: 'b', title: 'do b' },
			{ id: 'd', title: 'do d' },
		],
	});
	expect(finished()).toEqual(['b cached', 'd ran']);
});

test('the first failure stops the others, and is the one that is told', async () => {
	const { root, run, finished } = await openRun();
	const waits = step('waits', [], untilStopped);
	const first = step('first', [waits]);
	const fails = step('fails', [], async () => fail({ code: 'build/command-failed', message: 'the reason' }));
	const never = step('never', [fails]);
	await expect(run([waits, first, fails, never], [first, never])).rejects.toMatchObject({
		diagnostics: [{ code: 'build/command-failed', message: 'the reason' }],
	});
	expect(finished()).toEqual(['fails failed', 'waits cancelled']);
	expect(await readdir(join(root, 'tmp'))).toEqual([]);
	expect(existsSync(join(root, 'trees/waits'))).toBe(false);
});

test('a store that fails to give an entry stops the others as well', async () => {
	const { run, finished } = await openRun();
	let begin = () => {};
	const hasBegun = new Promise<void>((resolve) => {
		begin = resolve;
	});
	const waits = step('waits', [], (context) => {
		begin();
		return untilStopped(context);
	});
	const broken = step('broken', []);
	const find = async (kind: string) => {
		if (kind !== 'broken') return undefined;
		await hasBegun;
		throw new Error('no room to unpack it');
	};
	await expect(run([waits, broken], [waits, broken], undefined, { find })).rejects.toThrow('no room to unpack it');
	expect(finished()).toEqual(['waits cancelled']);
});

test.each([
	['before the first step', 0],
	['between two steps', 1],
])('a signal %s ends the build as interrupted', async (_, after) => {
	const { run, finished } = await openRun();
	const controller = new AbortController();
	if (after === 0) controller.abort();
	const a = step('a', [], async () => controller.abort());
	const b = step('b', [a]);
	await expect(run([a, b], [b], controller.signal)).rejects.toMatchObject({
		diagnostics: [{ code: 'build/interrupted' }],
	});
	expect(finished()).toEqual(after === 0 ? [] : ['a ran']);
});

test('warnings come again from a stored output', async () => {
	const { run, events } = await openRun();
	const warning = diagnostic({ code: 'verify/import-unused', severity: 'warning', message: 'unused' });
	const a: Step = {
		...step('a', [], async (context) => {
			context.warn(warning);
		}),
		recall: () => [warning],
	};
	expect((await run([a], [a])).warnings).toEqual([warning]);
	events.length = 0;
	expect((await run([a], [a])).warnings).toEqual([warning]);
	expect(events.map(({ type }) => type)).toEqual(['planned', 'warning', 'step-finished']);
});

test("a command's output is in the step's log", async () => {
	const { logs, run } = await openRun();
	const echo = step('part:echo', [], async (context) => {
		context.log('first');
		await context.exec({ argv: ['sh', '-c', 'echo one; echo two; exit 3'], cwd: context.out, env: {} });
	});
	await run([echo], [echo]);
	expect(await readFile(join(logs, 'part-echo.log'), 'utf8')).toBe('first\none\ntwo\n');
});
