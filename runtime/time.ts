import { Errno, WasiError } from './errno.js';
import { ClockId } from './preview1.js';

/** How far the counted time may be from the system's before it is set anew. */
const MAX_DRIFT_MS = 5;

/**
 * Nanoseconds since 1970. The system's clock gives milliseconds only, so the time within one is counted by the
 * monotonic clock from the platform's start; that count misses changes of the system's clock and time asleep.
 */
export function realtime(): bigint {
	const system = Date.now();
	const counted = performance.timeOrigin + performance.now();
	return toNanoseconds(Math.abs(counted - system) > MAX_DRIFT_MS ? system : counted);
}

/** Milliseconds with a fraction as whole nanoseconds. */
export function toNanoseconds(milliseconds: number): bigint {
	const whole = Math.floor(milliseconds);
	return BigInt(whole) * 1_000_000n + BigInt(Math.floor((milliseconds - whole) * 1_000_000));
}

/** The guest's clocks. `cpuTime` gives milliseconds; without it the processor's time is the time since `start`. */
export interface Clocks {
	now(id: number): bigint;
	resolution(id: number): bigint;
}

/** Makes the clocks of one guest. */
export function makeClocks(cpuTime: () => number): Clocks {
	return {
		now(id) {
			switch (id) {
				case ClockId.REALTIME:
					return realtime();
				case ClockId.MONOTONIC:
					return toNanoseconds(performance.now());
				case ClockId.PROCESS_CPUTIME:
				case ClockId.THREAD_CPUTIME:
					return toNanoseconds(cpuTime());
				default:
					throw new WasiError(Errno.INVAL);
			}
		},
		resolution(id) {
			if (id < ClockId.REALTIME || id > ClockId.THREAD_CPUTIME) throw new WasiError(Errno.INVAL);
			return 1000n;
		},
	};
}
