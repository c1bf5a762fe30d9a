import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { programFile } from '../own-files.js';
import { ADAPTER, JCO, type Jco } from './jco.js';
import type { ComponentAnswer, ComponentTask } from './worker.js';

/**
 * Makes a component of a core module, in a thread of its own: wasm-tools takes seconds.
 * @param core Imports and exports have the component model's names.
 * @param wit Has the world `python`.
 * @throws Error with what wasm-tools says.
 */
export async function makeComponent(
	{ folder }: Jco,
	core: Uint8Array,
	wit: string,
	signal: AbortSignal | undefined,
): Promise<Uint8Array> {
	const task: ComponentTask = {
		jco: createRequire(join(folder, 'package.json')).resolve(JCO),
		core,
		wit,
		adapter: join(folder, ADAPTER),
	};
	const worker = new Worker(programFile('component/worker'), { workerData: task });
	try {
		const [answer]: [ComponentAnswer] = (await once(worker, 'message', { ...(signal && { signal }) })) as [
			ComponentAnswer,
		];
		if ('refused' in answer) throw new Error(answer.refused);
		return answer.component;
	} finally {
		await worker.terminate();
	}
}
