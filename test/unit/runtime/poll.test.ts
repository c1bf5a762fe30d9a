import { expect, test } from 'vitest';
import { type Input, memoryMount, type WasiOptions } from '../../../runtime/index.js';
import { ClockId, EventType } from '../../../runtime/preview1.js';
import { makeGuest } from './guest.js';

const IN = 4096;
const OUT = 16_384;

/** A guest, and what it does when it waits. */
function makePoller(options: WasiOptions = {}) {
	const slept: number[] = [];
	const sleep = (milliseconds: number): void => {
		slept.push(milliseconds);
		// Only time that has passed ends a wait for a clock.
		const end = performance.now() + milliseconds;
		while (performance.now() < end);
	};
	const guest = makeGuest({ mounts: [{ guest: '/', mount: memoryMount({ file: 'abc' }) }], sleep, ...options });
	const { view } = guest;

	const clock = (at: number, user: bigint, id: number, nanoseconds: bigint, flags = 0): void => {
		view.setBigUint64(IN + at * 48, user, true);
		view.setUint8(IN + at * 48 + 8, EventType.CLOCK);
		view.setUint32(IN + at * 48 + 16, id, true);
		view.setBigUint64(IN + at * 48 + 24, nanoseconds, true);
		view.setUint16(IN + at * 48 + 40, flags, true);
	};
	const descriptor = (at: number, user: bigint, type: number, fd: number): void => {
		view.setBigUint64(IN + at * 48, user, true);
		view.setUint8(IN + at * 48 + 8, type);
		view.setUint32(IN + at * 48 + 16, fd, true);
	};
	const poll = (count: number) => {
		const error = guest.call('poll_oneoff', IN, OUT, count, 8);
		if (error !== 'SUCCESS') return error;
		return Array.from({ length: view.getUint32(8, true) }, (_, index) => {
			const at = OUT + index * 32;
			const [user, bytes] = [view.getBigUint64(at, true), view.getBigUint64(at + 16, true)];
			return { user, errno: view.getUint16(at + 8, true), type: view.getUint8(at + 10), bytes };
		});
	};
	return { guest, clock, descriptor, poll, slept };
}

test('waiting for a clock lets the thread rest for that long', () => {
	const { clock, poll, slept } = makePoller();
	clock(0, 7n, ClockId.MONOTONIC, 3_000_000n);
	expect(poll(1)).toEqual([{ user: 7n, errno: 0, type: EventType.CLOCK, bytes: 0n }]);
	expect(Math.round(slept[0] ?? 0)).toBe(3);
});

test('the earliest of several clocks ends the wait', () => {
	const { clock, poll } = makePoller();
	clock(0, 1n, ClockId.MONOTONIC, 60_000_000_000n);
	clock(1, 2n, ClockId.REALTIME, 1_000_000n);
	expect(poll(2)).toEqual([{ user: 2n, errno: 0, type: EventType.CLOCK, bytes: 0n }]);
});

test('a point in time that has passed is an event at once', () => {
	const { clock, poll, slept } = makePoller();
	clock(0, 1n, ClockId.REALTIME, 5n, 1);
	expect([poll(1), slept]).toEqual([[{ user: 1n, errno: 0, type: EventType.CLOCK, bytes: 0n }], []]);
});

test('files and outputs are ready, each with its own event, and no clock is waited for', () => {
	const { guest, clock, descriptor, poll, slept } = makePoller();
	const fd = Number(guest.open('file'));
	clock(0, 1n, ClockId.MONOTONIC, 60_000_000_000n);
	descriptor(1, 2n, EventType.FD_READ, fd);
	descriptor(2, 3n, EventType.FD_WRITE, 1);
	expect(poll(3)).toEqual([
		{ user: 2n, errno: 0, type: EventType.FD_READ, bytes: 3n },
		{ user: 3n, errno: 0, type: EventType.FD_WRITE, bytes: 1n },
	]);
	expect(slept).toEqual([]);
});

test('a bad descriptor is an event with an error, beside the others', () => {
	const { descriptor, poll } = makePoller();
	descriptor(0, 1n, EventType.FD_READ, 99);
	descriptor(1, 2n, EventType.FD_READ, 1);
	expect(poll(2)).toEqual([
		{ user: 1n, errno: 8, type: EventType.FD_READ, bytes: 0n },
		{ user: 2n, errno: 8, type: EventType.FD_READ, bytes: 0n },
	]);
});

test('standard input is waited for no longer than the clock allows', () => {
	const waits: (number | undefined)[] = [];
	const stdin: Input = {
		terminal: false,
		read: () => 0,
		wait(milliseconds) {
			waits.push(milliseconds === undefined ? undefined : Math.ceil(milliseconds / 1000));
			return waits.length > 3;
		},
	};
	const { clock, descriptor, poll } = makePoller({ stdin });
	descriptor(0, 1n, EventType.FD_READ, 0);
	clock(1, 2n, ClockId.MONOTONIC, 60_000_000_000n);
	expect(poll(2)).toEqual([{ user: 1n, errno: 0, type: EventType.FD_READ, bytes: 1n }]);
	expect(waits).toEqual([0, 60, 0, 60, 0]);
});

test('waiting for nothing, and for an unknown clock, is refused', () => {
	const { clock, poll } = makePoller();
	expect(poll(0)).toBe('INVAL');
	clock(0, 1n, 9, 1n);
	expect(poll(1)).toBe('INVAL');
});

test('reading without waiting says that there is nothing yet', () => {
	const stdin: Input = { terminal: true, read: () => 0, wait: () => false };
	const { guest } = makePoller({ stdin });
	expect([guest.call('fd_fdstat_set_flags', 0, 4), guest.read(0)]).toEqual(['SUCCESS', 'AGAIN']);
});
