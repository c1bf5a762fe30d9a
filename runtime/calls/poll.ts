import type { Descriptor } from '../descriptors.js';
import { Errno, type ErrnoValue, WasiError } from '../errno.js';
import type { Input } from '../mount.js';
import { ABSOLUTE_TIME, EventType } from '../preview1.js';
import type { Calls, System } from './system.js';

const SUBSCRIPTION_SIZE = 48;
const EVENT_SIZE = 32;
/** The longest single wait: the platform's timers have a limit of their own. */
const MAX_WAIT_MS = 2 ** 30;

/** What the guest waits for: a point in time, or a descriptor. */
type Subscription =
	| { readonly kind: 'clock'; readonly user: bigint; readonly clock: number; readonly deadline: bigint }
	| { readonly kind: 'descriptor'; readonly user: bigint; readonly type: number; readonly fd: number };

interface Event {
	readonly user: bigint;
	readonly errno: ErrnoValue;
	readonly type: number;
	readonly bytes: bigint;
}

/** Waiting for time to pass and for input. */
export function pollCalls({ memory, descriptors, clocks, sleep }: System): Calls {
	const readSubscription = (at: number): Subscription => {
		const user = memory.readU64(at);
		const type = memory.readU8(at + 8);
		if (type === EventType.FD_READ || type === EventType.FD_WRITE) {
			return { kind: 'descriptor', user, type, fd: memory.readU32(at + 16) };
		}
		if (type !== EventType.CLOCK) throw new WasiError(Errno.INVAL);
		const clock = memory.readU32(at + 16);
		const timeout = memory.readU64(at + 24);
		const absolute = (memory.readU16(at + 40) & ABSOLUTE_TIME) !== 0;
		return { kind: 'clock', user, clock, deadline: absolute ? timeout : clocks.now(clock) + timeout };
	};

	/** What has happened to a subscription, if anything. */
	const check = (subscription: Subscription): Event | undefined => {
		const { user } = subscription;
		if (subscription.kind === 'clock') {
			if (clocks.now(subscription.clock) < subscription.deadline) return undefined;
			return { user, errno: Errno.SUCCESS, type: EventType.CLOCK, bytes: 0n };
		}
		const { fd, type } = subscription;
		try {
			const bytes = readyBytes(descriptors.get(fd), type);
			return bytes === undefined ? undefined : { user, errno: Errno.SUCCESS, type, bytes };
		} catch (error) {
			if (!(error instanceof WasiError)) throw error;
			return { user, errno: error.errno, type, bytes: 0n };
		}
	};

	/** The only input that can keep a guest waiting is its standard input. */
	const inputAmong = (subscriptions: readonly Subscription[]): Input | undefined => {
		for (const subscription of subscriptions) {
			if (subscription.kind !== 'descriptor' || subscription.type !== EventType.FD_READ) continue;
			const descriptor = descriptors.get(subscription.fd);
			if (descriptor.kind === 'stream') return descriptor.input;
		}
		return undefined;
	};

	/** How long nothing can happen by the clocks; undefined when no clock is among the subscriptions. */
	const timeLeft = (subscriptions: readonly Subscription[]): number | undefined => {
		const left = subscriptions.flatMap((one) =>
			one.kind === 'clock' ? [Number(one.deadline - clocks.now(one.clock)) / 1e6] : [],
		);
		return left.length === 0 ? undefined : Math.min(MAX_WAIT_MS, Math.max(0, Math.min(...left)));
	};

	return {
		poll_oneoff(input: number, output: number, count: number, result: number) {
			if (count === 0) return Errno.INVAL;
			memory.slice(input, count * SUBSCRIPTION_SIZE);
			memory.slice(output, count * EVENT_SIZE);
			const indexes = Array.from({ length: count >>> 0 }, (_, index) => index);
			const subscriptions = indexes.map((index) => readSubscription((input >>> 0) + index * SUBSCRIPTION_SIZE));
			let events: Event[] = [];
			for (;;) {
				events = subscriptions.map(check).filter((event) => event !== undefined);
				if (events.length > 0) break;
				const left = timeLeft(subscriptions);
				const waitingFor = inputAmong(subscriptions);
				if (waitingFor !== undefined) waitingFor.wait(left);
				else sleep(left ?? MAX_WAIT_MS);
			}
			for (const [index, event] of events.entries()) {
				const at = (output >>> 0) + index * EVENT_SIZE;
				memory.slice(at, EVENT_SIZE).fill(0);
				memory.writeU64(at, event.user);
				memory.writeU16(at + 8, event.errno);
				memory.writeU8(at + 10, event.type);
				memory.writeU64(at + 16, event.bytes);
			}
			memory.writeU32(result, events.length);
			return Errno.SUCCESS;
		},
	};
}

/** How many bytes can be moved at once, as far as known; undefined when the guest would have to wait. */
function readyBytes(descriptor: Descriptor, type: number): bigint | undefined {
	if (descriptor.kind === 'directory') throw new WasiError(Errno.BADF);
	if (descriptor.kind === 'file') {
		if (type === EventType.FD_WRITE) return 1n;
		const left = descriptor.file.stat().size - BigInt(descriptor.position);
		return left > 0n ? left : 0n;
	}
	if (type === EventType.FD_WRITE) {
		if (descriptor.output === undefined) throw new WasiError(Errno.BADF);
		return 1n;
	}
	if (descriptor.input === undefined) throw new WasiError(Errno.BADF);
	return descriptor.input.wait(0) ? 1n : undefined;
}
