import { appendFile, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256OfFile } from '../cache/key.js';
import type { Contract } from '../contract/contract.js';
import { CONTRACT_SECTION, encodeContract } from '../contract/section.js';
import type { Manifest, Module } from '../manifest/manifest.js';
import type { ToolchainRecord } from '../toolchain/toolchain.js';
import { requireWholeArchive } from '../wasm/archive.js';
import { customSection } from '../wasm/custom-section.js';
import { type BaseLink, LINK_FILE } from './base/harvest.js';
import { requireSuccess } from './command-failure.js';
import { objectFiles } from './compile.js';
import { makeStep } from './make-step.js';
import { nameOf, requireUnchanged } from './module-files.js';
import type { Step } from './step.js';

/** The steps whose objects are linked. */
export interface LinkNeeds {
	readonly base: Step;
	readonly inittab: Step;
	/** Compile steps, each with its module; the support code has none. */
	readonly compiled: readonly { readonly step: Step; readonly module: Module | undefined }[];
}

/** What python.wasm is made of, besides the outputs of the base and of the compile steps. */
export interface LinkInputs {
	/** Raised when this step's code makes another python.wasm of the same inputs. */
	readonly revision: 2;
	readonly toolchain: ToolchainRecord['identity'];
	/** Arguments of the linker before all files, in order. */
	readonly flags: readonly string[];
	/** The user's static libraries in link order, as the manifest's folder sees them, with their sha256. */
	readonly libraries: readonly { readonly path: string; readonly sha256: string }[];
	/** The hash of what python.wasm and its host agree on; the agreement goes into a section. */
	readonly contract: Contract['hash'];
}

/** Links python.wasm by calling the linker itself: the wasm clang could not, and clang would run any `wasm-opt` on the path. */
export function linkStep(
	{ base, inittab, compiled }: LinkNeeds,
	manifest: Manifest,
	toolchain: ToolchainRecord,
	contract: Contract,
): Step {
	const { memory, stack, debug } = manifest.build;
	const libraries = compiled.flatMap(({ module }) => (module?.kind === 'native' ? module.libs : []));
	const flags = [
		'-m',
		'wasm32',
		// Host functions have no definition. What else is undefined shows as an import, which verify refuses.
		// Undefined data has no such form and stays an error; --allow-undefined would put it at address 0.
		'--import-undefined',
		'-z',
		`stack-size=${stack}`,
		'--stack-first',
		`--initial-memory=${memory.initial}`,
		`--max-memory=${memory.max}`,
		...(debug ? [] : ['--strip-all']),
	];
	const hashLibraries = () => libraries.map((path) => ({ path: nameOf(path, manifest), sha256: sha256OfFile(path) }));
	const inputs: LinkInputs = {
		revision: 2,
		toolchain: toolchain.identity,
		flags,
		libraries: hashLibraries(),
		contract: contract.hash,
	};
	return makeStep({
		id: 'link',
		title: 'link python.wasm',
		needs: [base, inittab, ...compiled.map(({ step }) => step)],
		inputs,
		run: async (context) => {
			for (const path of libraries) requireWholeArchive(await readFile(path), basename(path));
			const folder = context.output(base);
			const { libraries: systemLibraries, start, builtins, run } = await context.toolchain();
			const link: BaseLink = JSON.parse(await readFile(join(folder, LINK_FILE), 'utf8'));
			const ofBase = link.libraries.map((word) => (word.startsWith('-') ? word : join(folder, word)));
			const objects = [
				...link.objects.map((path) => join(folder, path)),
				// Before libpython, so that the table of modules in there is not taken.
				join(context.output(inittab), 'config.o'),
				...compiled.flatMap(({ step, module }) => objectFiles(module, context.output(step))),
				...libraries,
			];
			const output = join(context.out, 'python.wasm');
			const args = [...flags, `-L${systemLibraries}`, start, ...objects, ...ofBase, '-lc', builtins, '-o', output];
			const reads = [...objects, ...ofBase.filter((word) => !word.startsWith('-'))];
			const result = await run('wasm-ld', args, { cwd: folder, reads, writes: [context.out] }, context.runOptions);
			requireSuccess({
				purpose: 'link python.wasm',
				argv: ['wasm-ld', ...args],
				result,
				logPath: context.logPath,
				code: 'build/link-failed',
			});
			await appendFile(output, customSection(CONTRACT_SECTION, encodeContract(contract)));
			const byPath = (hashed: LinkInputs['libraries']) =>
				Object.fromEntries(hashed.map(({ path, sha256 }) => [path, sha256]));
			requireUnchanged(byPath(inputs.libraries), byPath(hashLibraries()));
		},
	});
}
