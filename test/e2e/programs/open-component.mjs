import { mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transpile } from '@bytecodealliance/jco';
import { _setArgs, _setEnv } from '@bytecodealliance/preview2-shim/cli';
import { _setPreopens } from '@bytecodealliance/preview2-shim/filesystem';
import { WASIShim } from '@bytecodealliance/preview2-shim/instantiation';

/** Instantiates the component of a dist folder through jco, and uses it. */
export async function withComponent(dist, { args, env, folders, imports }, use) {
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
		_setPreopens({ '/lib': join(dist, 'lib'), ...folders });
		_setArgs(args);
		_setEnv(env);
		const load = async (path) => WebAssembly.compile(readFileSync(join(folder, path)));
		await use(await instantiate(load, { ...new WASIShim().getImportObject(), ...imports }));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
