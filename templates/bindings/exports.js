// Generated from exports.ts by test/unit/bindings/fixed.test.ts.

import { RAISES, unwinds } from './errors.js';
import { viewRecord } from './guest.js';
import { giveBack, note } from './heap.js';
import { explain, Mismatch, misfit, mismatch, noRoom } from './mismatch.js';
import { isWellFormed, liftString, writeText } from './text.js';

/** Finds the functions that Python code implements, and says that errors are looked for after every call of one. */
export function attachExports(guest, names) {
	const exports = guest.exports ?? {};
	const missing = names.filter((name) => typeof exports[name] !== 'function');
	if (missing.length > 0) {
		throw new TypeError(`the instance does not export ${missing.join(', ')}: is it the python.wasm of these bindings?`);
	}
	entryPoint(guest, 'cpybuild_take_errors')();
}

/** An export of the instance, which has been looked for. */
export function entryPoint(guest, name) {
	const found = guest.exports && guest.exports[name];
	if (found === undefined)
		throw new Error('the bindings know no instance yet: call attach(instance) after instantiation');
	return found;
}

/** Calls a function that Python code implements. An exception that it does not catch is thrown as an error. */
export function enter(guest, name, ...core) {
	const result = entryPoint(guest, name)(...core);
	const error = entryPoint(guest, 'cpybuild_last_error')();
	if (error !== 0) throw pythonError(guest, error);
	return result;
}

/** Takes back what lowering the arguments of a call has taken, and tells the host what is wrong with them. */
export function refuseArguments(guest, name, mark, error) {
	// A guest that was left in the middle can take nothing back.
	if (unwinds(error)) return error;
	giveBack(guest, mark);
	if (!(error instanceof Mismatch)) return error;
	const message = explain(name, 'passed', error);
	return error.kind === RAISES.OverflowError || error.kind === RAISES.MemoryError
		? new RangeError(message)
		: new TypeError(message);
}

/** A text as the core values of a parameter: its place. The guest frees it. */
export function giveText(guest, name, value, step) {
	if (typeof value !== 'string') throw mismatch(value, 'a string', step);
	if (!isWellFormed(value)) throw misfit(value, 'which has a lone surrogate', step);
	const { pointer, length } = writeText(guest, value, name);
	if (pointer === 0) throw noRoom(`${value.length} characters`, step);
	if (length > 0) note(guest, pointer, length);
	return [pointer, length];
}

/** The integer that has the bits of a float, where cases of a variant share a core value. */
export function floatBits(value) {
	return new Int32Array(Float32Array.of(value).buffer)[0] ?? 0;
}

/** The same of a double. */
export function doubleBits(value) {
	return new BigInt64Array(Float64Array.of(value).buffer)[0] ?? 0n;
}

/** The longer integer that starts with the bits of one. */
export function longBits(value) {
	return BigInt(value >>> 0);
}

/** Reads the `list<error>` that the guest tells an exception by, each the cause of the one before. */
export function pythonError(guest, list) {
	const errors = viewRecord(guest, list, 8, 4, 'cpybuild_last_error');
	const first = errors.getUint32(0, true);
	let error;
	for (let index = errors.getUint32(4, true) - 1; index >= 0; index--) {
		const view = viewRecord(guest, first + index * 32, 32, 4, 'cpybuild_last_error');
		const message = textAt(guest, view, 8);
		const failure = {
			type: textAt(guest, view, 0),
			frames: framesAt(guest, view, 16),
		};
		if (view.getUint8(24) === 1) failure.exitCode = view.getInt32(28, true);
		error = markError(
			new Error(
				message,
				error && {
					cause: error,
				},
			),
			failure,
		);
	}
	return error ?? new TypeError('the guest tells of an error and gives none');
}

/** Makes an error one of Python's, with Python's frames before those of JavaScript. */
export function markError(error, failure) {
	const { type, frames } = failure;
	const calls = (error.stack ?? '').split('\n').filter((line) => /^\s+at |@/.test(line));
	const python = frames.map(({ name, file, line }) => `    at ${name} (${file}:${line})`).reverse();
	const head = error.message === '' ? type : `${type}: ${error.message}`;
	const stack = [head, ...python, ...calls].join('\n');
	Object.defineProperty(error, 'stack', {
		value: stack,
		configurable: true,
		writable: true,
	});
	Object.defineProperty(error, Symbol.for('cpybuild.PythonError'), {
		value: true,
	});
	return Object.assign(error, {
		name: type,
		...failure,
	});
}

/** The frames of an error, as a `list<frame>` at an offset. */
export function framesAt(guest, view, offset) {
	const first = view.getUint32(offset, true);
	return Array.from(
		{
			length: view.getUint32(offset + 4, true),
		},
		(_, index) => {
			const frame = viewRecord(guest, first + index * 20, 20, 4, 'cpybuild_last_error');
			return {
				file: textAt(guest, frame, 0),
				line: frame.getUint32(8, true),
				name: textAt(guest, frame, 12),
			};
		},
	);
}

/** A string of an error, at an offset. */
export function textAt(guest, view, offset) {
	const pointer = view.getUint32(offset, true);
	const length = view.getUint32(offset + 4, true);
	return liftString(guest, pointer, length, 'cpybuild_last_error');
}
