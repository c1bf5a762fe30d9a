import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is to make. */
export interface ComponentTask {
	/** jco's main module. */
	readonly jco: string;
	readonly core: Uint8Array;
	/** WIT text with the world `python`. */
	readonly wit: string;
	/** The adapter's file. */
	readonly adapter: string;
}

/** What comes of it. */
export type ComponentAnswer = { readonly component: Uint8Array } | { readonly refused: string };

/** The functions of jco that are used. */
interface Jco {
	componentEmbed(options: { binary: Uint8Array; witSource: string; world: string }): Promise<Uint8Array>;
	componentNew(binary: Uint8Array, adapters: [string, Uint8Array][]): Promise<Uint8Array>;
}

/** Has wasm-tools put the WIT into the module, and make a component of both. */
async function make({ jco: main, core, wit, adapter }: ComponentTask): Promise<ComponentAnswer> {
	const jco: Jco = await import(pathToFileURL(main).href);
	try {
		const embedded = await jco.componentEmbed({ binary: core, witSource: wit, world: 'python' });
		return { component: await jco.componentNew(embedded, [['wasi_snapshot_preview1', await readFile(adapter)]]) };
	} catch (error) {
		// Errors of wasm-tools carry what it says in a member of their own.
		const { payload, message } = error as { readonly payload?: unknown; readonly message?: unknown };
		return { refused: String(payload ?? message ?? error) };
	}
}

parentPort?.postMessage(await make(workerData as ComponentTask));
