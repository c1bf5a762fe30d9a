import { diagnostic } from '../../../src/diagnostics/diagnostic.js';
import type { BuildEvent, Report, StepStatus } from '../../../src/report.js';

/** A warning of the story below. */
export const warning = diagnostic({
	code: 'verify/import-unused',
	severity: 'warning',
	message: '"fast.log" is declared and never called',
});

const started = (id: string, title: string): BuildEvent => ({ type: 'step-started', id, title });
const finished = (id: string, title: string, status: StepStatus, ms: number): BuildEvent => ({
	type: 'step-finished',
	id,
	title,
	status,
	ms,
});

const planned: BuildEvent = {
	type: 'planned',
	steps: [
		{ id: 'source', title: 'Get CPython 3.13.5' },
		{ id: 'compile', title: 'Compile CPython' },
		{ id: 'link', title: 'Link python.wasm' },
		{ id: 'package', title: 'Write dist' },
	],
};

/** A build that goes well. */
export const goodBuild: readonly BuildEvent[] = [
	planned,
	finished('source', 'Get CPython 3.13.5', 'cached', 3),
	started('compile', 'Compile CPython'),
	{ type: 'output', id: 'compile', line: 'Python/ceval.c' },
	{ type: 'progress', id: 'compile', done: 10, total: 304 },
	{ type: 'progress', id: 'compile', done: 152, total: 304 },
	{ type: 'progress', id: 'compile', done: 153, total: 304 },
	{ type: 'progress', id: 'compile', done: 304, total: 304 },
	finished('compile', 'Compile CPython', 'ran', 65_432),
	started('link', 'Link python.wasm'),
	{ type: 'progress', id: 'link', done: 1, total: 2 },
	finished('link', 'Link python.wasm', 'ran', 412),
	{ type: 'warning', diagnostic: warning },
	started('package', 'Write dist'),
	finished('package', 'Write dist', 'ran', 1_260),
];

/** A build whose link fails. */
export const badBuild: readonly BuildEvent[] = [
	planned,
	started('source', 'Get CPython 3.13.5'),
	finished('source', 'Get CPython 3.13.5', 'ran', 2_000),
	started('compile', 'Compile CPython'),
	started('link', 'Link python.wasm'),
	finished('link', 'Link python.wasm', 'failed', 400),
	finished('compile', 'Compile CPython', 'cancelled', 500),
];

/** What the good build comes to. */
export const report: Report = {
	status: 'built',
	out: '/project/dist',
	python: '3.13.5',
	toolchain: 'embedded sysroot, clang 19.1.7',
	steps: [
		{ id: 'source', status: 'cached', ms: 3 },
		{ id: 'compile', status: 'ran', ms: 65_432 },
		{ id: 'link', status: 'ran', ms: 412 },
		{ id: 'package', status: 'ran', ms: 1_260 },
	],
	artifacts: [
		{ path: 'bindings.ts', bytes: 2_000, sha256: 'aa' },
		{ path: 'python.wasm', bytes: 7_654_321, sha256: 'bb' },
	],
	imports: [
		{ module: 'demo', name: 'demo', signature: 'func(a: s32, b: s32) -> s32' },
		{ module: 'fast', name: 'log', signature: 'func(level: u8, text: string)' },
	],
	warnings: [warning],
	ms: 67_107,
};
