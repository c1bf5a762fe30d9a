import { type ContractChange, compareContracts } from './contract/compare.js';
import { type Contract, contractOf } from './contract/contract.js';
import { fail } from './diagnostics/diagnostic.js';
import { inspectModule } from './inspect.js';
import { loadManifest } from './project.js';

/** What changed between two contracts. */
export interface ComparedContracts {
	readonly changes: readonly ContractChange[];
	readonly breaksHosts: boolean;
	readonly breaksPython: boolean;
}

/** Compares the contracts of two files, each a wasm module or a manifest. */
export async function compareFiles(old: string, now: string): Promise<ComparedContracts> {
	const [before, after] = [await contractOfFile(old), await contractOfFile(now)];
	const changes = compareContracts(before, after);
	const breaks = (whom: ContractChange['breaks'][number]): boolean =>
		changes.some((change) => change.breaks.includes(whom));
	return { changes, breaksHosts: breaks('hosts'), breaksPython: breaks('python') };
}

async function contractOfFile(path: string): Promise<Contract> {
	if (!path.endsWith('.wasm')) return contractOf(await loadManifest(path));
	const { contract } = await inspectModule(path);
	return (
		contract ??
		fail({
			code: 'usage/no-contract',
			message: `"${path}" has no contract`,
			hint: 'build it with this version of cpybuild, or name the manifest that it was built from',
		})
	);
}
