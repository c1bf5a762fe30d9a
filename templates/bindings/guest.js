// Generated from guest.ts by test/unit/bindings/fixed.test.ts.

import { unwinding } from './errors.js';

/** A guest that is not known yet: every use of it is an error that says so. */
export function createGuest() {
	const unattached = () => {
		throw unwinding(new Error('the bindings know no instance yet: call attach(instance) after instantiation'));
	};
	const memory = {
		get buffer() {
			return unattached();
		},
	};
	const codes = Array.from(
		{
			length: 33,
		},
		(_, size) =>
			Array.from(
				{
					length: size,
				},
				() => 0,
			),
	);
	return {
		bytes: new Uint8Array(0),
		memory,
		realloc: unattached,
		raise: unattached,
		exports: undefined,
		codes,
	};
}

/** Gives the guest its instance. One instance only: bindings shared by two would read the wrong memory. */
export function attachGuest(guest, instance) {
	const { exports } = instance;
	if (guest.exports !== undefined && guest.exports !== exports) {
		throw new Error('the bindings have an instance already: call createBindings once per instance');
	}
	const { memory, cpybuild_realloc, cpybuild_raise } = exports;
	const missing = [];
	if (!isMemory(memory)) missing.push('memory');
	if (typeof cpybuild_realloc !== 'function') missing.push('cpybuild_realloc');
	if (typeof cpybuild_raise !== 'function') missing.push('cpybuild_raise');
	if (missing.length > 0) {
		throw new TypeError(`the instance does not export ${missing.join(', ')}: is it the python.wasm of these bindings?`);
	}
	guest.memory = memory;
	guest.realloc = cpybuild_realloc;
	guest.raise = cpybuild_raise;
	guest.exports = exports;
}

/** Tells a wasm memory by its shape, so that one from another realm will do. */
export function isMemory(value) {
	return typeof value === 'object' && value !== null && 'buffer' in value && typeof value.buffer === 'object';
}

/** All guest memory as it is now. The length is asked and not `memory.buffer`, since that getter costs more than a call. */
export function memoryOf(guest) {
	return guest.bytes.length === 0 ? refresh(guest) : guest.bytes;
}

/** Takes a new view of guest memory. */
export function refresh(guest) {
	guest.bytes = new Uint8Array(guest.memory.buffer);
	return guest.bytes;
}

/** The start of a stretch of guest memory, checked; afterwards `guest.bytes` is a valid view. */
export function locate(guest, pointer, size, name) {
	const start = pointer >>> 0;
	const end = start + size;
	if (end > memoryOf(guest).length && end > refresh(guest).length) {
		throw fault(name, `${size} bytes at ${start}, outside of its memory of ${guest.bytes.length} bytes`);
	}
	return start;
}

/** The same for an address whose alignment is prescribed. */
export function locateAligned(guest, pointer, size, align, name) {
	const start = locate(guest, pointer, size, name);
	if (start % align !== 0) throw fault(name, `the address ${start}, which is not aligned to ${align}`);
	return start;
}

/** An error for a guest that breaks the ABI. Its state cannot be trusted, so it is stopped and not told. */
export function fault(name, what) {
	return unwinding(new RangeError(`${name}: the guest passed ${what}`));
}

/** Allocates guest memory; afterwards `guest.bytes` is a valid view, even if the memory has grown. Gives 0 when it is full. */
export function allocate(guest, size, name, old = 0, oldSize = 0) {
	// Addresses end at 2^32, and a longer size would be cut off on its way to the guest.
	const start = size > 0xffffffff ? 0 : guest.realloc(old, oldSize, 1, size);
	return start === 0 ? 0 : locate(guest, start, size, name);
}

/** Parameters that the guest spilled to memory. */
export function viewRecord(guest, pointer, size, align, name) {
	const start = locateAligned(guest, pointer, size, align, name);
	return new DataView(guest.bytes.buffer, start, size);
}

/** Writes a result's pointer and length where the guest wants them. */
export function storePair(guest, area, pointer, length, name) {
	const start = locateAligned(guest, area, 8, 4, name);
	const { bytes } = guest;
	bytes[start] = pointer;
	bytes[start + 1] = pointer >>> 8;
	bytes[start + 2] = pointer >>> 16;
	bytes[start + 3] = pointer >>> 24;
	bytes[start + 4] = length;
	bytes[start + 5] = length >>> 8;
	bytes[start + 6] = length >>> 16;
	bytes[start + 7] = length >>> 24;
}

/** Finds functions that a host lacks, which only JavaScript callers can manage, and names all of them at once. */
export function checkHost(host, modules) {
	const missing = [];
	for (const [module, functions] of Object.entries(modules)) {
		const found = memberOf(host, module);
		if (found === undefined || found === null) missing.push(`${module} (module)`);
		else {
			const lacking = functions.filter((name) => typeof memberOf(found, name) !== 'function');
			missing.push(...lacking.map((name) => `${module}.${name}`));
		}
	}
	if (missing.length > 0) throw new TypeError(`the host lacks ${missing.join(', ')}`);
}

/** A member of an object. What every object inherits, `toString` for example, is nobody's implementation. */
export function memberOf(value, name) {
	if (value === undefined || value === null) return undefined;
	const member = value[name];
	return member === Object.prototype[name] ? undefined : member;
}
