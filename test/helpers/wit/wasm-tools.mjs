// Asks wasm-tools, as jco-transpile ships it, whether it takes WIT texts. Runs in a thread of its own, since a text that
// makes wasm-tools panic leaves an instance of it unusable.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parentPort } from 'node:worker_threads';

const door = createRequire(import.meta.url).resolve('@bytecodealliance/jco-transpile/wasm-tools');
const instance = new URL('../vendor/wasm-tools.js', pathToFileURL(door));
// wasm-tools reads folders, which its WASI does not let it see unless it is told to.
const { _setPreopens } = await import(createRequire(door).resolve('@bytecodealliance/preview2-shim/filesystem'));
const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const otherWorlds = /^(?:The main package .* contains no worlds|There are multiple worlds)/;
let count = 0;
let tools = await fresh();

async function fresh() {
	instance.search = `?${count++}`;
	const loaded = await import(instance.href);
	_setPreopens({ '/': '/' });
	await loaded.$init;
	return loaded.tools;
}

/** Whether wasm-tools can read and resolve a text, and validates worlds of it: all that are named. */
async function judge({ text, path, worlds, features }) {
	const source = path === undefined ? { witSource: text } : { witPath: path };
	for (const world of worlds.length === 0 ? [undefined] : worlds) {
		const options = { ...source, world, binary: empty, features: { tag: 'list', val: features } };
		let embedded;
		try {
			embedded = tools.componentEmbed(options);
		} catch (error) {
			if (error.payload === undefined) return panic(error);
			if (world === undefined && otherWorlds.test(error.payload)) continue;
			return { verdict: 'rejects', message: error.payload };
		}
		try {
			tools.componentNew(embedded, []);
		} catch (error) {
			if (error.payload === undefined) return panic(error);
			// Later complaints are about the empty module, which exports nothing.
			if (error.payload.startsWith('Failed to decode Wasm')) {
				return { verdict: 'rejects', message: error.payload.replace(/^[\s\S]*Caused by:\s*/, '') };
			}
		}
	}
	return { verdict: 'accepts' };
}

async function panic(error) {
	tools = await fresh();
	return { verdict: 'panics', message: error.message };
}

parentPort.on('message', async (questions) => {
	const answers = [];
	for (const question of questions) answers.push(await judge(question));
	parentPort.postMessage(answers);
});
