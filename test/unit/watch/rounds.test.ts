import { describe, expect, test } from 'vitest';
import type { Report } from '../../../src/report.js';
import { buildInRounds, type WatchedBuild } from '../../../src/watch/rounds.js';

/** Settles when it is told to. */
interface Gate<T> {
	readonly passed: Promise<T>;
	open(value: T): void;
	fail(error: Error): void;
}

function makeGate<T>(): Gate<T> {
	let open: (value: T) => void = () => {};
	let fail: (error: Error) => void = () => {};
	const passed = new Promise<T>((resolve, reject) => {
		open = resolve;
		fail = reject;
	});
	return { passed, open, fail };
}

const report = (status: Report['status']) => ({ status }) as Report;

/** Rounds whose builds and bell the test holds in its hands, with all that happens in order. */
function start(filesRead: (before: readonly string[]) => Promise<readonly string[]> = async () => ['a']) {
	const happened: string[] = [];
	const controller = new AbortController();
	let waiting = makeGate<void>();
	let heard = makeGate<void>();
	let building = makeGate<Report>();
	let started = makeGate<void>();
	const name = (built: WatchedBuild) =>
		'report' in built ? built.report.status : built.error instanceof Error ? built.error.message : '?';
	const ended = buildInRounds({
		filesRead,
		lookAt: (files) => {
			happened.push(`look at ${files.join(' ') || 'nothing'}`);
			return { close: () => happened.push('look away') };
		},
		bell: {
			ring: () => {},
			heard: async () => {
				waiting.open();
				await heard.passed;
				heard = makeGate();
			},
		},
		build: async () => {
			happened.push('build');
			started.open();
			return building.passed;
		},
		tell: (built, files) => {
			happened.push(`tell ${name(built)}, ${files.length} files`);
		},
		signal: controller.signal,
	});
	/** Ends the build that runs, and waits until the bell is listened to. */
	const finish = async (how: Report['status'] | Error) => {
		await started.passed;
		started = makeGate();
		const running = building;
		building = makeGate();
		if (how instanceof Error) running.fail(how);
		else running.open(report(how));
		await waiting.passed;
		waiting = makeGate();
		return happened.splice(0);
	};
	return { controller, ended, happened, finish, ring: () => heard.open(), started: () => started.passed };
}

describe('rounds of building', () => {
	test('begin with a build, and another one follows every change', async () => {
		const { finish, ring } = start();
		const look = ['look away', 'look at a', 'build'];
		expect(await finish('built')).toEqual(['look at nothing', ...look, 'tell built, 1 files']);
		ring();
		expect(await finish('built')).toEqual([...look, 'tell built, 1 files']);
	});

	test('tell of a build with nothing to do only when the one before failed', async () => {
		const { finish, ring } = start();
		expect((await finish('up-to-date')).at(-1)).toBe('tell up-to-date, 1 files');
		ring();
		expect((await finish('up-to-date')).at(-1)).toBe('build');
		ring();
		expect((await finish(new Error('wrong'))).at(-1)).toBe('tell wrong, 1 files');
		ring();
		expect((await finish('up-to-date')).at(-1)).toBe('tell up-to-date, 1 files');
	});

	test('tell of every build that fails and go on', async () => {
		const { finish, ring } = start();
		expect((await finish(new Error('one'))).at(-1)).toBe('tell one, 1 files');
		ring();
		expect((await finish(new Error('one'))).at(-1)).toBe('tell one, 1 files');
	});

	test('look at what is read until that stays the same', async () => {
		const answers = [['a'], ['a', 'b'], ['b', 'a', 'a']];
		const { finish } = start(async () => answers.shift() ?? ['b', 'a']);
		expect(await finish('built')).toEqual([
			'look at nothing',
			'look away',
			'look at a',
			'look away',
			'look at a b',
			'build',
			'tell built, 2 files',
		]);
	});

	test('end with the signal while they wait, and look away', async () => {
		const { finish, ring, controller, ended, happened } = start();
		await finish('built');
		controller.abort();
		ring();
		await ended;
		expect(happened).toEqual(['look away']);
	});

	test('end with the signal during a build, of which nothing is told', async () => {
		const { started, finish, controller, ended, happened } = start();
		await started();
		controller.abort();
		void finish(new Error('interrupted'));
		await ended;
		expect(happened).toEqual(['look at nothing', 'look away', 'look at a', 'build', 'look away']);
	});
});
