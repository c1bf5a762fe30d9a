import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { type BuildLock, lockedPythonOf, openLock, requireLocked } from '../build-lock.js';
import { type Cpython, chooseCpython } from '../cpython/choose.js';
import { CpybuildError, type Diagnostic } from '../diagnostics/diagnostic.js';
import { placeOf } from '../diagnostics/place.js';
import { lockedRelease } from '../lock/lock.js';
import type { Manifest } from '../manifest/manifest.js';
import { loadManifest } from '../project.js';
import type { SettledOptions } from '../settle.js';
import type { Finding } from './finding.js';
import { shellWord } from './shell-word.js';

/** What a manifest and its lock say, or what is wrong with them. */
export interface ProjectFacts {
	/** The manifest as the user named it. */
	readonly name: string;
	readonly exists: boolean;
	readonly manifest?: Manifest;
	readonly cpython?: Cpython;
	readonly lock?: BuildLock;
	/** Whether the lock must be there and current. */
	readonly frozen: boolean;
	readonly problems: {
		readonly manifest: readonly Diagnostic[];
		readonly lock: readonly Diagnostic[];
		readonly python: readonly Diagnostic[];
	};
}

/** The name under which a manifest is looked for when none is named. */
const DEFAULT_NAME = 'project.yaml';

/** Reads a manifest and its lock as far as that goes. */
export async function readProject(options: SettledOptions): Promise<ProjectFacts> {
	const { manifestName: name, frozen } = options;
	const exists = existsSync(options.manifest);
	const problems = { manifest: [] as Diagnostic[], lock: [] as Diagnostic[], python: [] as Diagnostic[] };
	const manifest = exists ? await collect(problems.manifest, () => loadManifest(name)) : undefined;
	const lock = manifest && (await collect(problems.lock, () => openLock(options, manifest)));
	const known = manifest && lock ? lockedRelease(manifest.python, lock.recorded.python) : {};
	const cpython = manifest && (await collect(problems.python, () => chooseCpython(manifest.python, known)));
	if (frozen && lock && cpython) await collect(problems.lock, () => requireLocked(lock, lockedPythonOf(cpython)));
	return {
		name,
		exists,
		...(manifest && { manifest }),
		...(cpython && { cpython }),
		...(lock && { lock }),
		frozen,
		problems,
	};
}

async function collect<T>(problems: Diagnostic[], read: () => T | Promise<T>): Promise<T | undefined> {
	try {
		return await read();
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		problems.push(...error.diagnostics);
		return undefined;
	}
}

/** Whether the manifest can be built at all. */
export function judgeManifest({ name, exists, manifest, cpython, problems }: ProjectFacts): readonly Finding[] {
	const id = 'manifest.file';
	if (!exists) {
		if (name !== DEFAULT_NAME) {
			return [{ id, state: 'error', found: `there is no file "${name}"`, means: 'a build starts from a manifest' }];
		}
		return [
			{
				id,
				state: 'note',
				found: `there is no "${name}" here`,
				means: 'only the machine is examined, for a build with the defaults',
				repair: 'cpybuild init',
			},
		];
	}
	if (!manifest) {
		const number = problems.manifest.length;
		return [
			{
				id,
				state: 'error',
				found: `"${name}" has ${number === 1 ? 'a mistake' : `${number} mistakes`}`,
				means: 'nothing is built before all of it is right; the command below shows each in its place',
				repair: `cpybuild check ${shellWord(name)}`,
				details: problems.manifest.map(lineOf),
			},
		];
	}
	const { version } = manifest.python;
	const read: Finding = { id, state: 'ok', found: `"${name}" asks for CPython ${version}` };
	if (cpython) return cpython.recipe.tested ? [read] : [read, untested(cpython)];
	return [
		read,
		...problems.python.map(
			({ message, hint }): Finding => ({
				id: 'manifest.python',
				state: 'error',
				found: message,
				means: `this CPython cannot be built${hint === undefined ? '' : `: ${hint}`}`,
			}),
		),
	];
}

function untested({ version, recipe }: Cpython): Finding {
	return {
		id: 'manifest.python',
		state: 'warning',
		found: `cpybuild has a recipe for CPython ${version}, but its tests do not build ${recipe.minor}`,
		means: 'it may fail, or give an interpreter in which something does not work',
	};
}

/** Whether the lock file can be used. */
export function judgeLock({ exists, manifest, lock, frozen, problems }: ProjectFacts): readonly Finding[] {
	if (!exists || !manifest) return [];
	if (problems.lock.length > 0) {
		return problems.lock.map(
			({ message, hint, details }): Finding => ({
				id: 'lock.file',
				state: 'error',
				found: message,
				means: hint ?? 'the build refuses it',
				...(details && { details }),
			}),
		);
	}
	if (!lock?.exists) return [{ id: 'lock.file', state: 'ok', found: 'none yet: the first build writes it' }];
	const { toolchain } = lock.recorded;
	const recorded = toolchain ? `records "${toolchain.name}"` : 'records no toolchain for this platform yet';
	return [{ id: 'lock.file', state: 'ok', found: `${frozen ? 'current, and ' : ''}${recorded}` }];
}

/** A problem in one line, with its place: `project.yaml:3:5: …`. */
function lineOf({ message, span }: Diagnostic): string {
	if (!span) return message;
	const { line, column } = placeOf(span).start;
	return `${basename(span.file.path)}:${line}:${column}: ${message}`;
}
