import { pathToFileURL } from 'node:url';
import { type AsyncBindings, WASI_MODULE } from '../../runtime/index.js';
import { fail } from '../diagnostics/diagnostic.js';
import { type ImportObject, type WasmInstance, type WasmModule, wasm } from '../webassembly.js';
import { loadHostModule } from './host-module.js';
import type { Job } from './job.js';

/** The imports of the user's host, and how they learn of the instance. */
export interface HostImports {
	readonly imports: ImportObject;
	readonly attach: (instance: WasmInstance) => void;
	/** The bindings, when Python may have to wait for the host. */
	readonly waiting?: AsyncBindings;
}

/** What a generated `bindings.js` exports. */
interface BindingsModule {
	readonly createBindings: (host: unknown) => HostImports | AsyncBindings;
	/** Throws when they are not for this module. Absent in bindings of older versions. */
	readonly checkContract?: (module: WasmModule) => void;
}

/** Makes the imports that a module needs besides WASI; all that nobody provides are reported at once. */
export async function linkImports(module: WasmModule, job: Job): Promise<HostImports> {
	const needed = wasm.Module.imports(module).filter((one) => one.module !== WASI_MODULE);
	const provided = await provideImports(module, job);
	const missing = needed.filter((one) => typeof provided.imports[one.module]?.[one.name] !== 'function');
	if (missing.length === 0) return provided;
	const names = [...new Set(missing.map((one) => `${one.module}.${one.name}`))];
	return fail({
		code: 'usage/host-import-missing',
		message: `python.wasm imports ${names.map((name) => `"${name}"`).join(', ')}, which no host provides`,
		hint:
			job.hostModule === undefined
				? 'name the module that implements them with --host FILE'
				: 'bindings.js and python.wasm are not from the same build: build again',
	});
}

async function provideImports(module: WasmModule, { bindings, hostModule }: Job): Promise<HostImports> {
	if (hostModule === undefined) return { imports: {}, attach: () => {} };
	const host = await loadHostModule(hostModule);
	if (bindings === undefined) return { imports: {}, attach: () => {} };
	const { createBindings, checkContract }: BindingsModule = await import(pathToFileURL(bindings).href);
	checkBindings(module, checkContract);
	try {
		const made = createBindings(host);
		const { attach } = made;
		return 'calls' in made ? { imports: made.imports as ImportObject, attach, waiting: made } : made;
	} catch (error) {
		if (!(error instanceof TypeError)) throw error;
		return fail({
			code: 'usage/host-incomplete',
			message: `host module "${hostModule}" does not implement the bindings: ${error.message}`,
			hint: 'bindings.d.ts in the dist folder declares what it must implement',
		});
	}
}

function checkBindings(module: WasmModule, checkContract: BindingsModule['checkContract']): void {
	try {
		checkContract?.(module);
	} catch (error) {
		if (!(error instanceof TypeError)) throw error;
		const [, ...differences] = error.message.split('\n');
		fail({
			code: 'usage/contract-differs',
			message: 'python.wasm and bindings.js are not from the same build',
			details: differences.map((line) => line.trim()),
			hint: 'build again',
		});
	}
}
