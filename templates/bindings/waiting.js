// Generated from waiting.ts by test/unit/bindings/fixed.test.ts.

import { isPromise } from './errors.js';
import { entryPoint, pythonError } from './exports.js';

/** Lowers what a function of the host gave, or lets Python wait for it. */
export function settle(guest, name, call, result, area) {
	if (!isPromise(result)) return call.returned(result, area);
	const wait = hook(guest, 'cpybuild.wait');
	if (wait === undefined) {
		// Nobody will look at it any more; its failure must not end the host program.
		result.then(undefined, () => {});
		const error = new TypeError(`${name}: Python cannot wait for a promise here: use createAsyncInterpreter`);
		return call.threw(error, area);
	}
	return wait(
		result,
		(value) => call.returned(value, area),
		(error) => call.threw(error, area),
	);
}

/** Calls a function that Python code implements, when it can be called. */
export function enterLater(guest, name, lower, leave) {
	const enterHook = hook(guest, 'cpybuild.enter');
	if (enterHook === undefined) {
		throw new TypeError(`${name}: Python may have to wait, which it cannot here: use createAsyncInterpreter`);
	}
	return enterHook(name, lower, (core) => {
		const error = entryPoint(guest, 'cpybuild_last_error')();
		if (error !== 0) throw pythonError(guest, error);
		return leave(core);
	});
}

/** What a runtime has put among the exports for bindings. */
export function hook(guest, name) {
	return guest.exports?.[Symbol.for(name)];
}
