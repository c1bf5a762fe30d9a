// The host of every_type.py and errors.py. `implementation` goes into createBindings(); `rawImports` are laid over the import
// object that comes out of it, because they break the ABI, which bindings never do.

const wrong = {
	throw: () => {
		throw new Error('the host says no: größe 🐍');
	},
	'throw text': () => {
		throw 'only text';
	},
	undefined: () => undefined,
	null: () => null,
	promise: () => Promise.resolve(1),
	object: () => ({}),
	true: () => true,
	fraction: () => 1.5,
	nan: () => Number.NaN,
	huge: () => 1e300,
	negative: () => -1,
	128: () => 128,
	256: () => 256,
	'bigint 2**63': () => 2n ** 63n,
	'bigint 2**64': () => 2n ** 64n,
	'bigint -1': () => -1n,
	text: () => 'text',
	surrogate: () => '\uD800',
	'two characters': () => 'ab',
	empty: () => '',
	array: () => [1, 2],
	good: () => 1,
	bytes: () => new Uint8Array([0, 255]),
};

const give = (what) => wrong[what]();
const echo = (value) => value;
const show = (values) =>
	values
		.map((value) => (value instanceof Uint8Array ? [...value].join('.') : Object.is(value, -0) ? '-0' : String(value)))
		.join('|');

const everyType = (member) =>
	Object.fromEntries(
		['bool', 's8', 's16', 's32', 's64', 'u8', 'u16', 'u32', 'u64', 'f32', 'f64', 'char', 'string', 'bytes'].map(
			(name) => [name, member],
		),
	);

export const implementation = {
	echo: {
		...everyType(echo),
		nothing: () => undefined,
		defaults: (...values) => show(values),
		many: (...values) => show(values),
	},
	wrong: { ...everyType(give), nothing: give },
	raw: {
		u8: () => 0,
		s16: () => 0,
		bool: () => false,
		char: () => 'x',
		utf8: () => '',
		beyond: () => '',
		bytesBeyond: () => new Uint8Array(),
		empty: () => '',
		memorySize: () => 0,
		raiseTwice: () => 0,
		raiseWith: () => 0,
	},
	native: {
		number: give,
		text: give,
		content: give,
		log: (level, text) => {
			if (text !== 'fine') throw new Error(`${level}: ${text}`);
		},
		many: (...values) => show(values),
		beyond: () => 0,
	},
};

/** Imports that break the ABI; `exports` gives the instance's exports. */
export function rawImports(exports) {
	const place = (bytes) => {
		const pointer = exports().cabi_realloc(0, 0, 1, bytes.length);
		new Uint8Array(exports().memory.buffer, pointer, bytes.length).set(bytes);
		return pointer;
	};
	const answer = (area, pointer, length) => {
		const view = new DataView(exports().memory.buffer);
		view.setUint32(area, pointer, true);
		view.setUint32(area + 4, length, true);
	};
	const raise = (kind, text) => {
		const bytes = new TextEncoder().encode(text);
		exports().cpybuild_raise(kind, place(bytes), bytes.length);
	};
	return {
		raw: {
			u8: () => 256,
			s16: () => -32769,
			bool: () => 2,
			char: (value) => value,
			utf8: (area) => answer(area, place([0x61, 0xff]), 2),
			beyond: (area) => answer(area, exports().memory.buffer.byteLength - 1, 2),
			bytes_beyond: (area) => answer(area, 8, 0xffffffff),
			empty: (area) => answer(area, 1, 0),
			memory_size: () => exports().memory.buffer.byteLength,
			raise_twice: () => {
				raise(0, 'first'.repeat(1000));
				raise(1, 'second');
				return 5;
			},
			raise_with: (kind, pointer, length) => {
				const bytes = new Uint8Array(exports().memory.buffer, pointer, length).slice();
				exports().cpybuild_raise(kind, place(bytes), bytes.length);
				return 0;
			},
		},
		native: { beyond: () => 256 },
	};
}
