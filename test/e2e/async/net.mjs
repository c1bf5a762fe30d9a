// A host whose functions take their time, for the scenarios of suite.mjs.
import { TroubleException } from './dist/bindings.js';

const later = () => new Promise((done) => setImmediate(done));

/** Gates that one side waits at until another opens them. */
export class Gates {
	#gates = new Map();

	#gate(name) {
		if (!this.#gates.has(name)) {
			let open;
			const opened = new Promise((resolve) => {
				open = resolve;
			});
			this.#gates.set(name, { opened, open });
		}
		return this.#gates.get(name);
	}

	at(name) {
		return this.#gate(name).opened;
	}

	open(name, text) {
		this.#gate(name).open(text);
	}
}

/** The sources that have been disposed of, by name. */
export const disposed = [];

class Source {
	#name;

	constructor(name) {
		this.#name = name;
	}

	async read(count) {
		await later();
		return new Uint8Array(count).fill(this.#name.length);
	}

	static async open(name) {
		await later();
		if (name === '') throw new RangeError('a source has a name');
		return new Source(name);
	}

	name() {
		return this.#name;
	}

	[Symbol.dispose ?? Symbol.for('dispose')]() {
		disposed.push(this.#name);
	}
}

/** A page whose properties are its class's. */
class Page {
	get status() {
		return 200;
	}

	get body() {
		return new TextEncoder().encode('größe');
	}

	get links() {
		return ['a', '', '🐍'];
	}

	get next() {
		return undefined;
	}
}

export function makeNet(gates = new Gates()) {
	return {
		Source,
		async fetch(url) {
			await later();
			switch (url) {
				case 'refused':
					throw new TroubleException({ tag: 'refused' });
				case 'timeout':
					throw new TroubleException({ tag: 'timeout', val: 7 });
				case 'other':
					throw new TroubleException({ tag: 'other', val: new Page() });
				case 'wrong error':
					throw new TroubleException({ tag: 'timeout', val: 'long' });
				case 'broken':
					throw new Error('the line is cut');
				case 'text':
					throw 'no error';
				case 'wrong':
					return { status: 200, body: new Uint8Array(), links: ['a', 3], next: undefined };
				case 'map':
					return { status: new Map(), body: new Uint8Array(), links: [], next: undefined };
				default:
					return new Page();
			}
		},
		samePage: async (page) => page,
		numbers: async (a, b, c, d, e, f) => [a, b, c, d, e, f],
		nested: async (of) => of,
		async check(how) {
			await later();
			if (how === 1) throw Object.assign(new Error('no'), { payload: undefined });
			if (how === 2) throw new Error('worse');
		},
		nothing: later,
		text(text) {
			if (text === 'at once') throw new Error('before any promise');
			if (text === 'surrogate') return Promise.resolve('\ud800');
			return text === 'plain' ? 'no promise' : Promise.resolve(text);
		},
		count: async (n) => n + 1,
		wait: (name) => gates.at(name),
		merge: async ([first], with_) => with_ ?? first,
		many: async (...all) => all.join('|'),
		now: (name) => name.toUpperCase(),
		manyPages: (count) =>
			Array.from({ length: count }, (_, index) => ({
				status: index % 1000,
				body: new Uint8Array(100),
				links: [`${index}`],
				next: 'n'.repeat(index % 50),
			})),
	};
}
