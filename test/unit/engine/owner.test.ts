import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isAbandoned, ownerLabel, ownOwner } from '../../../src/engine/owner.js';

const own = ownOwner();
const abandoned = (owner: object, state = 'running') => isAbandoned({ label: ownerLabel({ ...own, ...owner }), state });

test('what belongs to a process that runs is not abandoned, in whatever state', () => {
	expect(['created', 'running', 'exited'].map((state) => abandoned({}, state))).toEqual([false, false, false]);
});

test('what belongs to a process that has ended is abandoned', async () => {
	const child = spawn(process.execPath, ['-e', '']);
	const pid = child.pid ?? 0;
	await once(child, 'exit');
	expect(abandoned({ pid })).toBe(true);
});

test('a process that has the number of another one is told apart by its start', () => {
	expect(abandoned({ started: '1' })).toBe(true);
});

test('what belongs to another machine is abandoned only when it has ended itself', () => {
	const states = ['created', 'running', 'exited', 'dead'];
	expect(states.map((state) => abandoned({ space: 'elsewhere', pid: 999_999_999 }, state))).toEqual([
		false,
		false,
		true,
		true,
	]);
});

test.each(['', 'nonsense', '///'])('a label that says nothing, %j, is as that of another machine', (label) => {
	expect([isAbandoned({ label, state: 'running' }), isAbandoned({ label, state: 'exited' })]).toEqual([false, true]);
});
