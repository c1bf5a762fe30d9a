import { describe, expect, test } from 'vitest';
import { Turns } from '../../../../runtime/async/turns.js';

/** A promise that is settled from outside. */
function gate<T>() {
	let open: (value: T) => void = () => {};
	let fail: (error: unknown) => void = () => {};
	const promise = new Promise<T>((resolve, reject) => {
		open = resolve;
		fail = reject;
	});
	return { promise, open, fail };
}

/** Calls of one interpreter, which note what they do. */
function setUp() {
	const turns = new Turns();
	const log: string[] = [];
	const gates = new Map<string, ReturnType<typeof gate<string>>>();
	const of = (name: string) => {
		const one = gates.get(name) ?? gate<string>();
		gates.set(name, one);
		return one;
	};
	/** A call that waits once, or not at all. */
	const call = (name: string, waits = true): Promise<string> =>
		turns.enter(async () => {
			log.push(`${name} begins`);
			if (!waits) return name;
			const got = await turns.wait(
				of(name).promise,
				(value) => `${name} got ${value}`,
				(error) => `${name} caught ${String(error)}`,
			);
			log.push(got);
			return got;
		});
	return { turns, log, of, call };
}

describe('turns in an interpreter that waits', () => {
	test('let a call that begins meanwhile end before the one that waits goes on', async () => {
		const { log, of, call } = setUp();
		const outer = call('outer');
		const inner = call('inner');
		of('outer').open('1');
		await new Promise((done) => setImmediate(done));
		expect(log).toEqual(['outer begins', 'inner begins']);
		of('inner').open('2');
		expect(await Promise.all([outer, inner])).toEqual(['outer got 1', 'inner got 2']);
		expect(log).toEqual(['outer begins', 'inner begins', 'inner got 2', 'outer got 1']);
	});

	test('let what waits go on before calls that have not begun', async () => {
		const { log, of, call } = setUp();
		const outer = call('outer');
		of('outer').open('1');
		await Promise.all([outer, call('other', false), call('another', false)]);
		expect(log[0]).toBe('outer begins');
		expect(log.indexOf('outer got 1')).toBeLessThan(log.indexOf('another begins'));
	});

	test('begin a call only when no other runs', async () => {
		const { turns, log, call } = setUp();
		let inner: Promise<string> | undefined;
		await turns.enter(async () => {
			inner = call('inner', false);
			await Promise.resolve();
			log.push('outer ends');
		});
		await inner;
		expect(log).toEqual(['outer ends', 'inner begins']);
	});

	test('hand on failures of promises, and those of lowering', async () => {
		const { turns, of, call } = setUp();
		const one = call('one');
		of('one').fail('no');
		expect(await one).toBe('one caught no');
		const failing = turns.enter(() =>
			turns.wait(
				Promise.resolve(1),
				() => {
					throw new RangeError('lowering');
				},
				() => {},
			),
		);
		await expect(failing).rejects.toEqual(new RangeError('lowering'));
		expect(await call('two', false)).toBe('two');
	});

	test('reject what waits and what is queued when the interpreter ends', async () => {
		const { turns, log, of, call } = setUp();
		const all = [call('outer'), call('inner')].map((one) => one.catch((error: unknown) => error));
		expect(turns.isWaiting).toBe(true);
		turns.end('ended');
		of('inner').open('late');
		expect(await Promise.all(all)).toEqual(['ended', 'ended']);
		expect([log, turns.isWaiting]).toEqual([['outer begins', 'inner begins'], false]);
	});
});
