/** cpybuild as a library: what the commands do, for programs. This is the only door; nothing else is importable. */
import { findUnchanged } from './last-build.js';
import type { BuildOptions, Report } from './report.js';
import { settleOptions } from './settle.js';

export type { Diagnostic, DiagnosticCode, Note, SourceFile, Span } from './diagnostics/diagnostic.js';
export { CpybuildError } from './diagnostics/diagnostic.js';
export type { Files } from './generate/files.js';
export type { Manifest } from './manifest/manifest.js';
export type { Artifact, BuildEvent, BuildOptions, Listener, Report, StepStatus } from './report.js';

/**
 * Builds python.wasm and its bindings from a manifest.
 * @throws CpybuildError with every problem that the user can act on.
 */
export async function build(options: BuildOptions = {}): Promise<Report> {
	const start = performance.now();
	const settled = settleOptions(options, process.env);
	const last = findUnchanged(settled);
	if (last) return { ...last, status: 'up-to-date', steps: [], ms: performance.now() - start };
	// Only now is it worth to load the parsers and the generators.
	const { buildChanged } = await import('./build.js');
	return buildChanged(settled);
}

/** A step of a build that has not been started. */
export interface PlannedStep {
	readonly id: string;
	readonly title: string;
	/** `cached`: its output is in the store; `runs`: it has to be made. */
	readonly status: 'cached' | 'runs';
	/** Names the output in the store: sha256 of all inputs, in hexadecimal. */
	readonly key: string;
}

/** What `build` would do, step by step. It finds the toolchain and reads the manifest, and runs nothing. */
export async function planBuild(options: BuildOptions = {}): Promise<readonly PlannedStep[]> {
	const [{ prepare }, { isStored }] = await Promise.all([import('./build.js'), import('./execute.js')]);
	const { plan, store, toolchain } = await prepare(settleOptions(options, process.env));
	await toolchain.close();
	return plan.steps.map((step) => ({
		id: step.id,
		title: step.title,
		status: isStored(step, store) ? 'cached' : 'runs',
		key: step.key,
	}));
}
