import { fail } from './diagnostic.js';

/** Throws `build/interrupted` when the signal has asked for an end. */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
	if (signal?.aborted) fail({ code: 'build/interrupted', message: 'the build was interrupted' });
}
