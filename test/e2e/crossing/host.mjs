// The host of crossing.py in JavaScript, for cpybuild's bindings and for jco alike.
const DISPOSE = Symbol.dispose ?? Symbol.for('dispose');
const fail = (payload) => {
	throw Object.assign(new Error('an error that a result carries'), { payload });
};
let live = 0;

class Cursor {
	#query;
	constructor(query) {
		this.#query = query;
		live++;
	}
	static open(name) {
		if (name === 'bad') fail('no such cursor');
		return new Cursor(name);
	}
	fetch(limit) {
		const row = (_, id) => ({ id, name: this.#query + id, score: id / 2, ok: id % 2 === 0, class: id });
		return Array.from({ length: limit }, row);
	}
	query() {
		return this.#query;
	}
	merge(other) {
		this.#query += other.query();
		other[DISPOSE]();
		return this.#query;
	}
	[DISPOSE]() {
		live--;
	}
}

const echo = (value) => value;
const echoes =
	'bool s8 s16 s32 s64 u8 u16 u32 u64 f32 f64 letter text raw strings blobs longs doubles bools oneRow shapes oneShape oneColor onePerms ' +
	'oneBits oneNode nodes maybe nested pair outcomes';

export const demo = {
	...Object.fromEntries(echoes.split(' ').map((name) => [name, echo])),
	many: (...all) => all,
	get: (id) => {
		if (id === 1) fail({ tag: 'not-found', val: 'row 1' });
		if (id === 2) fail({ tag: 'timeout' });
		return { id: 1, name: 'one', score: 1.5, ok: true, class: 3 };
	},
	check: (fails) => fails && fail(undefined),
	look: (cursor) => cursor.query(),
	swap: (all) => all.reverse(),
	live: () => live,
	Cursor,
};

export const implementation = { demo };
