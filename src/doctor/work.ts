import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Layout } from '../cache/layout.js';
import type { RemoteCache } from '../cache/remote.js';
import { hasEntry } from '../cache/store.js';
import { findJco } from '../component/jco.js';
import type { Cpython } from '../cpython/choose.js';
import { neededSteps } from '../execute.js';
import { generateStubs } from '../generate/stubs.js';
import { findUnchanged } from '../last-build.js';
import { chosenImage } from '../machine-settings.js';
import { goalsOf, makePlan } from '../plan.js';
import type { SettledOptions } from '../settle.js';
import { kindOf } from '../steps/make-step.js';
import type { ToolchainRecord } from '../toolchain/toolchain.js';
import type { ProjectFacts } from './project.js';

/** What a build would have to do now: what is in a cache is not made again, and needs nothing of the machine. */
export interface Work {
	/** Whether anything is compiled or linked. */
	readonly compiles: boolean;
	/** Whether CPython itself is, which takes make and the programs that configure calls. */
	readonly compilesCpython: boolean;
	/** Whether CPython's source has to be fetched. */
	readonly fetches: boolean;
	/** Whether the machine must have a toolchain: also a build without a lock asks for it. */
	readonly needsToolchain: boolean;
	/** Whether the cache must be written to. */
	readonly makes: boolean;
}

/** What the first build of all has to do. */
export const ALL_WORK: Work = {
	compiles: true,
	compilesCpython: true,
	fetches: true,
	needsToolchain: true,
	makes: true,
};

/** What is known of a build before its plan is made. */
export interface WorkInput {
	readonly project: ProjectFacts;
	/** What the lock records, else what the machine has. */
	readonly toolchain: ToolchainRecord | undefined;
	readonly layout: Layout;
	readonly remote: RemoteCache | undefined;
	readonly signal: AbortSignal;
}

/** Finds out which steps would run; runs none. */
export async function findWork(options: SettledOptions, input: WorkInput): Promise<Work> {
	const { project, toolchain, layout, remote, signal } = input;
	const { manifest, cpython, lock } = project;
	if (!manifest || !cpython) return ALL_WORK;
	const fetches = !hasSource(cpython, layout);
	if (!toolchain) return { ...ALL_WORK, fetches };
	if (findUnchanged(options)) return NOTHING;
	// In a container nothing starts the compiler.
	const choice = chosenImage(options, manifest) ? 'none' : (options.launcher ?? manifest.build.launcher);
	const launcher = { choice, environment: options.environment };
	const { seed, mirror, offline } = options;
	const generated = generateStubs(manifest);
	const jco = findJco(manifest.folder);
	const plan = makePlan({ manifest, cpython, generated, toolchain, launcher, jco, seed, mirror, offline });
	const stored = new Set<string>();
	for (const { id, key, isLocal } of plan.steps) {
		const isHere = hasEntry(layout, { kind: kindOf(id), key });
		if (isHere || (!isLocal && (await remote?.find(key, signal)))) stored.add(key);
	}
	const has = (_: string, key: string) => stored.has(key);
	const needed = neededSteps(plan.steps, goalsOf(plan), { has });
	const runs = needed.filter(({ key }) => !stored.has(key)).map(({ id }) => kindOf(id));
	const compiles = runs.some((kind) => !['source', 'stdlib', 'verify', 'component'].includes(kind));
	return {
		compiles,
		compilesCpython: runs.includes('base'),
		fetches: fetches && runs.includes('source'),
		needsToolchain: compiles || !lock?.recorded.toolchain,
		makes: runs.length > 0,
	};
}

const NOTHING: Work = {
	compiles: false,
	compilesCpython: false,
	fetches: false,
	needsToolchain: false,
	makes: false,
};

/** Whether the source of a CPython is on this machine. */
function hasSource({ source }: Cpython, layout: Layout): boolean {
	if (source.kind === 'path') return true;
	const { url, sha256 } = sourceOf(source);
	return existsSync(join(layout.downloads, sha256, basename(new URL(url).pathname) || 'source'));
}

/** Where a source that has to be fetched comes from. */
export function sourceOf(source: Exclude<Cpython['source'], { kind: 'path' }>): {
	readonly url: string;
	readonly sha256: string;
} {
	return source.kind === 'pinned' ? source.pin : source;
}
