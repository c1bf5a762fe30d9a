import { join } from 'node:path';
import { keyOf, sha256OfFile } from '../../cache/key.js';
import type { Cpython } from '../../cpython/choose.js';
import type { BuildSettings } from '../../manifest/manifest.js';
import { type LauncherName, type LauncherRequest, launcherInput } from '../../toolchain/launcher.js';
import type { ToolchainRecord } from '../../toolchain/toolchain.js';
import { makeStep } from '../make-step.js';
import type { Step } from '../step.js';
import { configure, configureArguments, keptAnswers, shippedAnswers } from './configure.js';
import { harvest } from './harvest.js';
import { makeCpython, makeVariables } from './make.js';
import { forgetPlace, inPlainFolder, openWorkspace } from './workspace.js';

/** What the base depends on besides CPython's source. */
export interface BaseOptions {
	readonly cpython: Cpython;
	readonly settings: BuildSettings;
	readonly toolchain: ToolchainRecord;
	readonly launcher: LauncherRequest;
	/** Whether configure may start from known answers. */
	readonly seed: boolean;
}

/** What a base is made of, besides CPython's source. */
export interface BaseInputs {
	/** Raised when this step's code makes another base of the same inputs. */
	readonly revision: 2;
	readonly toolchain: ToolchainRecord['identity'];
	/** Arguments of CPython's configure. */
	readonly configure: readonly string[];
	/** `CFLAGS` for configure and make: what this version needs with a current clang. */
	readonly cflags: readonly string[];
	/** Settings of make, with the compiler flags of the manifest's settings among them. */
	readonly make: readonly string[];
	/** CPython's answers to checks that a cross build cannot run, a path in its source. */
	readonly configSite: string;
	/** Whether a bootstrap interpreter freezes the modules. */
	readonly deepfreeze: boolean;
	/** What the build shows as its time, seconds since 1970. */
	readonly epoch: number;
	/**
	 * sha256 of cpybuild's own answers to configure's checks, where it starts from them. Those of an earlier run on
	 * this machine are no input: the same compiler gave them to the same configure.
	 */
	readonly seed: string | null;
	/** The compiler launcher, where another clang than the toolchain's may compile with it. */
	readonly launcher: LauncherName | null;
}

/**
 * CPython compiled for WASI without any module of a manifest: archives, headers, a plain interpreter, and how to
 * link them. Nothing in it depends on the manifest's modules, so all manifests share it.
 */
export function baseStep(source: Step, { cpython, settings, toolchain, launcher, seed }: BaseOptions): Step {
	const shipped = seed ? shippedAnswers(cpython, toolchain.identity.sysroot) : undefined;
	const { cflags, configSite, deepfreeze } = cpython.recipe;
	const configured = {
		toolchain: toolchain.identity,
		configure: configureArguments(cpython, settings),
		cflags,
		configSite,
	};
	const kept = keyOf('seed', configured, { source: source.key });
	const inputs: BaseInputs = {
		revision: 2,
		...configured,
		make: makeVariables(cpython, settings),
		deepfreeze,
		epoch: cpython.epoch,
		seed: shipped === undefined ? null : sha256OfFile(shipped),
		launcher: launcherInput(launcher.choice),
	};
	return makeStep({
		id: 'base',
		title: `compile CPython ${cpython.version}`,
		needs: [source],
		inputs,
		run: (context) =>
			inPlainFolder(context.store, async (folder) => {
				const tree = context.output(source);
				const workspace = await openWorkspace(folder, tree, cpython, context, launcher);
				const known = seed ? (shipped ?? keptAnswers(kept, context.store)) : undefined;
				await configure(workspace, { cpython, settings, known, kept }, context);
				await forgetPlace(workspace);
				await makeCpython(workspace, cpython, settings, context);
				await harvest(workspace, tree, context);
			}),
	});
}

/** Folders of the base's headers, for compiling modules. */
export function includeFolders(base: string): readonly string[] {
	return [join(base, 'include'), join(base, 'include/internal')];
}
