// Runs a component in Node through jco: component-in-jco.mjs DIST CODE

import { mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transpile } from '@bytecodealliance/jco';
import { _setArgs, _setEnv } from '@bytecodealliance/preview2-shim/cli';
import { _setPreopens } from '@bytecodealliance/preview2-shim/filesystem';
import { WASIShim } from '@bytecodealliance/preview2-shim/instantiation';

const [dist = '', code = ''] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'cpybuild-component-'));
try {
	const component = readFileSync(join(dist, 'python.component.wasm'));
	const { files } = await transpile(component, { name: 'python', instantiation: 'async' });
	for (const [name, bytes] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		await writeFile(join(folder, name), bytes);
	}
	await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
	// What jco writes imports the shim.
	await symlink(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(folder, 'node_modules'));
	const { instantiate } = await import(join(folder, 'python.js'));
	_setPreopens({ '/lib': join(dist, 'lib') });
	_setArgs(['python', '-I', '-c', code]);
	_setEnv({ PYTHONHOME: '/' });
	const demo = {
		bar: (a, b) => a + b,
		greet: (name, raw) => `hello ${name} ${raw.join(' ')}`,
		failHard: () => {
			throw new Error('the host is out of order');
		},
	};
	const load = async (path) => WebAssembly.compile(readFileSync(join(folder, path)));
	const imports = { ...new WASIShim().getImportObject(), 'cpybuild:project/demo': demo };
	const python = await instantiate(load, imports);
	try {
		python.run.run();
	} catch (error) {
		console.log(`the component ended: ${error.message}`);
	}
} finally {
	await rm(folder, { recursive: true, force: true });
}
