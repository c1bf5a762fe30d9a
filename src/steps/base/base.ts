import { join } from 'node:path';
import type { Json } from '../../cache/key.js';
import type { Cpython } from '../../cpython/choose.js';
import type { BuildSettings } from '../../manifest/manifest.js';
import type { ToolchainRecord } from '../../toolchain/toolchain.js';
import { makeStep } from '../make-step.js';
import type { Step } from '../step.js';
import { configure, configureArguments } from './configure.js';
import { harvest } from './harvest.js';
import { makeCpython, optimizeFlags } from './make.js';
import { openWorkspace } from './workspace.js';

/** What the base depends on besides CPython's source. */
export interface BaseOptions {
	readonly cpython: Cpython;
	readonly settings: BuildSettings;
	readonly toolchain: ToolchainRecord;
	/** Whether configure may start from known answers; they do not change its result, so this is no input. */
	readonly seed: boolean;
}

/**
 * CPython compiled for WASI without any module of a manifest: archives, headers, a plain interpreter, and how to
 * link them. Nothing in it depends on the manifest's modules, so all manifests share it.
 */
export function baseStep(source: Step, { cpython, settings, toolchain, seed }: BaseOptions): Step {
	return makeStep({
		id: 'base',
		title: `compile CPython ${cpython.version}`,
		needs: [source],
		inputs: {
			toolchain: toolchain.identity,
			configure: configureArguments(cpython, settings),
			cflags: [...cpython.recipe.cflags, ...optimizeFlags(settings)],
			configSite: cpython.recipe.configSite,
			deepfreeze: cpython.recipe.deepfreeze,
			epoch: cpython.epoch,
		},
		run: (context) =>
			context.store.scratch(async (folder) => {
				const tree = context.output(source);
				const workspace = await openWorkspace(folder, tree, cpython, context);
				await configure(workspace, { cpython, settings, seed, libc: libcOf(toolchain.identity) }, context);
				await makeCpython(workspace, cpython, settings, context);
				await harvest(workspace, tree, context);
			}),
	});
}

/** What the answers of configure depend on: the hash of the C library, whichever compiler uses it. */
function libcOf(identity: Json): Json {
	const known = identity as { readonly sysroot?: Json; readonly libc?: Json };
	return known.sysroot ?? known.libc ?? identity;
}

/** Folders of the base's headers, for compiling modules. */
export function includeFolders(base: string): readonly string[] {
	return [join(base, 'include'), join(base, 'include/internal')];
}
