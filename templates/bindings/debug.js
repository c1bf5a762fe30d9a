// Generated from debug.ts by test/unit/bindings/fixed.test.ts.

import { messageOf, RAISES, raiseInPython, unwinds } from './errors.js';
import { writeText } from './text.js';

/** Makes the import call that is under way raise in Python what the host threw, and tells where the host threw it. */
export function raise(guest, error, name) {
	if (unwinds(error)) throw error;
	raiseInPython(guest, RAISES.RuntimeError, messageOf(error), name);
	const exports = guest.exports;
	const { pointer, length } = writeText(guest, hostStack(error).slice(0, 10_000), name);
	exports.cpybuild_raise_stack?.(pointer, length);
}

/** Where an error was thrown, if its engine says so. */
export function hostStack(error) {
	try {
		const { stack } = error;
		return typeof stack === 'string' ? stack : '';
	} catch {
		return '';
	}
}
