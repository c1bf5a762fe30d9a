// Calls Python code with errors and resources in a component through jco: shop-in-jco.mjs DIST

import { fileURLToPath } from 'node:url';
import { withComponent } from './open-component.mjs';

const [dist = ''] = process.argv.slice(2);
class Cursor {
	#left = 3;
	#name;
	constructor(name) {
		this.#name = name;
	}
	next() {
		return this.#left === 0 ? undefined : `${this.#name}${this.#left--}`;
	}
}
const notes = [];
const options = {
	args: ['shop'],
	env: { PYTHONPATH: '/app', PYTHONDONTWRITEBYTECODE: '1' },
	folders: { '/app': fileURLToPath(new URL('shop', import.meta.url)) },
	imports: {
		'acme:shop/store': { Cursor },
		'acme:shop/store@1.0.0': { Cursor },
		clock: { now: () => 12n },
		note: { default: (line) => notes.push(line) },
	},
};
await withComponent(dist, options, ({ rows, scans, plain, about, start }) => {
	const show = (value) => console.log(JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}n` : one)));
	const payload = (run) => {
		try {
			run();
		} catch (error) {
			return error.payload;
		}
	};
	show([rows.load(1n), payload(() => rows.load(2n)), payload(() => rows.load(6n))]);
	show([plain.parse('-7'), payload(() => plain.parse('x'))]);
	const cursor = new Cursor('a');
	show([scans.count(cursor, 1), scans.count(cursor, 9), scans.all([new Cursor('b'), new Cursor('c')])]);
	const kept = new Cursor('kept');
	show([scans.keep(kept), scans.give() === kept]);
	show([about.name(), start({ names: ['Zoë', 'x'] }), payload(() => start({ names: [] })), notes]);
});
