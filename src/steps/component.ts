import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Jco } from '../component/jco.js';
import { type ComponentNaming, componentNaming, componentRenaming } from '../component/naming.js';
import { fail } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import type { Manifest } from '../manifest/manifest.js';
import { renameModule } from '../wasm/rename.js';
import { makeStep } from './make-step.js';
import type { Step } from './step.js';

/** What a component is made of, besides python.wasm. */
export interface ComponentInputs extends ComponentNaming {
	/** Raised when this step's code makes another component of the same inputs. */
	readonly revision: 2;
	/** The wasm-tools and the adapter that make it. */
	readonly jco: Jco['identity'];
}

/** The file of a component step's output. */
export const COMPONENT_FILE = 'python.component.wasm';

/** Makes a component of python.wasm. */
export function componentStep(link: Step, manifest: Manifest, jco: Jco): Step {
	const naming = componentNaming(manifest);
	const inputs: ComponentInputs = { revision: 2, ...naming, jco: jco.identity };
	return makeStep({
		id: 'component',
		title: 'make the component',
		needs: [link],
		inputs,
		run: async (context) => {
			const core = await readFile(join(context.output(link), 'python.wasm'));
			const renamed = renameModule(core, 'python.wasm', componentRenaming(naming));
			// Builds without a component need no threads.
			const { makeComponent } = await import('../component/make.js');
			const component = await makeComponent(jco, renamed, naming.wit, context.signal).catch((error) => {
				throwIfInterrupted(context.signal);
				return failToMake(error);
			});
			await writeFile(join(context.out, COMPONENT_FILE), component);
		},
	});
}

function failToMake(error: unknown): never {
	const said = error instanceof Error ? error.message : String(error);
	fail(
		{
			code: 'build/component-failed',
			message: 'wasm-tools refuses to make a component of python.wasm',
			hint: 'python.wasm itself is fine; report this with the manifest',
			details: said.trim().split('\n'),
		},
		{ cause: error },
	);
}
