// What values.py, mismatches.py and garbage.py talk with.
// Node 20 has no Symbol.dispose of its own.
const DISPOSE = Symbol.dispose ?? Symbol.for('dispose');
const echo = (value) => value;
class Cursor {
	static live = 0;
	constructor(query) {
		this.query = query;
		Cursor.live++;
	}
	static open(name) {
		if (name === 'bad') fail('no such cursor');
		return new Cursor(name);
	}
	fetch(limit) {
		const row = (id) => ({ id, name: this.query + id, score: id / 2, ok: id % 2 === 0, class: id });
		return Array.from({ length: limit }, (_, id) => row(id));
	}
	count() {
		return Cursor.live;
	}
	merge(other) {
		this.query += other.query;
		other[DISPOSE]();
	}
	[DISPOSE]() {
		Cursor.live--;
	}
}
const fail = (payload) => {
	throw Object.assign(new Error('an error that a result carries'), { payload });
};
const demo = {
	get: (id) => {
		if (id === 0) return { id: 1, name: 'one', score: 1.5, ok: true, class: 3 };
		if (id === 1) fail({ tag: 'not-found', val: 'row 1' });
		if (id === 2) fail({ tag: 'timeout' });
		throw new Error('plain error');
	},
	io: () => fail({ code: 5, message: 'disk on fire' }),
	plain: () => fail('plain text'),
	check: (fails) => fails && fail(undefined),
	why: () => fail('gone'),
	number: () => fail('enoent'),
	save: () => {},
	limit: (a, b) => (b === undefined ? a : b.length),
	take: (cursor, others) => {
		for (const one of [cursor, ...others]) one[DISPOSE]();
	},
	look: (cursor) => cursor.query.length,
	many: (...all) => JSON.stringify(all, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)),
	Cursor,
};
const echoes =
	's8 s16 s32 s64 u16 u32 u64 f32 f64 bools chars strings blobs oneRow rows oneShape shapes oneColor colors onePerms maybe nested ' +
	'pair outcomes emptyOutcomes deep';
for (const name of echoes.split(' ')) demo[name] = echo;

const nothing = () => undefined;
const names =
	'rows words numbers oneShape shapes outcome check oneColor oneSingle letter small pots potted forget memorySize live';
const raw = Object.fromEntries(names.split(' ').map((name) => [name, nothing]));
raw.Pot = class {};

export const implementation = { demo, raw };

/** Imports that break the ABI; `exports` gives the instance's exports. */
export function rawImports(exports) {
	const memory = () => new DataView(exports().memory.buffer);
	const place = (size, align = 8) => exports().cabi_realloc(0, 0, align, size);
	/** A block that holds these 32-bit numbers. */
	const words = (...numbers) => {
		const at = place(numbers.length * 4);
		for (const [index, number] of numbers.entries()) memory().setUint32(at + index * 4, number, true);
		return at;
	};
	const text = (bytes) => {
		const at = place(bytes.length, 1);
		new Uint8Array(exports().memory.buffer, at, bytes.length).set(bytes);
		return at;
	};
	const good = () => [text([0x6f, 0x6b]), 2];
	const answer = (area, ...numbers) => {
		for (const [index, number] of numbers.entries()) memory().setUint32(area + index * 4, number, true);
	};
	const end = () => exports().memory.buffer.byteLength;
	const raise = () => {
		const message = text([0x6e, 0x6f]);
		exports().cpybuild_raise(1, message, 2);
	};
	/** Places and lengths that are wrong for elements of a size. */
	const wild = (size) => [
		() => [end() - 4, 1],
		() => [8, 0xffffffff],
		() => [words(1, 2, 3, 4), 0x10000000],
		() => [place(64) + 1, 1],
		() => [place(64) + 4, Math.ceil(64 / size)],
		() => [0xfffffff8, 2],
		() => [1024, 1],
	];
	const list = (size, cases) => (how, area) => answer(area, ...[...wild(size), ...cases][how]());
	let pots = 0;
	return {
		raw: {
			rows: list(20, [
				() => [words(1, ...good(), words(...good()), 1), 1],
				() => [words(1, ...good(), words(...good(), ...[text([0xff]), 1]), 2), 1],
				() => [words(1, ...good(), 8, 3), 1],
				() => [words(1, 8, 100, 0, 0), 1],
				() => {
					raise();
					return [0, 0];
				},
				() => [words(1, ...good(), words(...good(), ...good()), 2, 2, text([0xc3]), 1, 0, 0), 2],
			]),
			words: list(8, [
				() => [words(...good()), 1],
				() => [words(...good(), text([0xed, 0xa0, 0x80]), 3), 2],
				() => [7, 0],
			]),
			numbers: list(8, [() => [words(0, 0x3ff00000), 1]]),
			one_shape: (how, area) => {
				if (how === 0) answer(area, 1, 0, ...good());
				if (how === 1) answer(area, 2, 0, ...good());
				if (how === 2) answer(area, 255, 0, 0, 0);
				if (how === 3) answer(area, 1, 0, end() - 1, 2);
			},
			shapes: list(16, [
				() => [words(1, 0, ...good(), 0, 0, 0, 0x3ff00000), 2],
				() => [words(1, 0, ...good(), 9, 0, 0, 0), 2],
			]),
			outcome: (how, area) => {
				if (how === 0) answer(area, 0, ...good());
				if (how === 1) answer(area, 1, ...good());
				if (how === 2) answer(area, 2, ...good());
				if (how === 3) answer(area, 1, text([0x80]), 1);
			},
			check: (how) => how,
			one_color: (how) => how,
			one_single: (how) => how,
			letter: (how) => how,
			small: (how) => how,
			pots: list(4, [
				() => {
					pots += 2;
					return [words(1, 2), 2];
				},
			]),
			potted: (how, area) => {
				pots += how === 1 ? 1 : 3;
				if (how === 0) answer(area, 0, ...good(), words(1, 2), 2, 1, 3);
				if (how === 1) answer(area, 1, 1);
				// The text is lifted first, and what comes after it never.
				if (how === 2) answer(area, 0, text([0xff]), 1, words(1, 2), 2, 1, 3);
				// Those of the list are lifted; nobody can tell what a case that does not exist holds.
				if (how === 3) answer(area, 0, ...good(), words(1, 2), 2, 2, 3);
				if (how === 4) {
					pots -= 2;
					answer(area, 0, ...good(), words(1, 2) + 2, 2, 1, 3);
				}
			},
			'[resource-drop]pot': () => {
				pots--;
			},
			live: () => pots,
			forget: () => {
				pots = 0;
			},
			memory_size: () => exports().memory.buffer.byteLength,
		},
	};
}
