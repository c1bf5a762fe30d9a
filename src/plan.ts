import type { Jco } from './component/jco.js';
import { contractOf } from './contract/contract.js';
import type { Cpython } from './cpython/choose.js';
import type { Files } from './generate/files.js';
import { barePackages } from './generate/packages.js';
import { programPart } from './generate/program-part.js';
import type { Manifest } from './manifest/manifest.js';
import { baseStep } from './steps/base/base.js';
import { compileSteps } from './steps/compile.js';
import { componentStep } from './steps/component.js';
import { inittabStep } from './steps/inittab.js';
import { linkStep } from './steps/link.js';
import { sourceStep } from './steps/source.js';
import { stdlibStep } from './steps/stdlib.js';
import type { Step } from './steps/step.js';
import { verifyStep } from './steps/verify.js';
import type { LauncherRequest } from './toolchain/launcher.js';
import type { ToolchainRecord } from './toolchain/toolchain.js';

/** The steps of a build, in reading order, and the ones whose outputs are published. */
export interface Plan {
	readonly steps: readonly Step[];
	readonly base: Step;
	readonly link: Step;
	readonly stdlib: Step;
	readonly verify: Step;
	/** Only where a component is asked for. */
	readonly component: Step | undefined;
}

/** The steps whose outputs a build publishes, or that must have gone well. */
export function goalsOf({ link, verify, stdlib, component }: Plan): readonly Step[] {
	return [link, verify, stdlib, ...(component ? [component] : [])];
}

/** What a plan is made of. */
export interface PlanInput {
	readonly manifest: Manifest;
	readonly cpython: Cpython;
	readonly generated: Files;
	readonly toolchain: ToolchainRecord;
	readonly launcher: LauncherRequest;
	/** Makes components; only looked at where the manifest asks for one. */
	readonly jco: Jco | undefined;
	readonly seed: boolean;
	/** Stands in for python.org. */
	readonly mirror: string | undefined;
	/** Whether only what is on this machine may be used. */
	readonly offline: boolean;
}

/**
 * Lays out the build:
 *
 *     source ─► base ─┬─► stdlib
 *                     ├─► compile:… ─┬─► link ─► verify
 *                     └─► inittab ───┘  └─► component
 */
export function makePlan({
	manifest,
	cpython,
	generated,
	toolchain,
	launcher,
	jco,
	seed,
	...fetching
}: PlanInput): Plan {
	const { mirror, offline } = fetching;
	const source = sourceStep(cpython, { span: manifest.python.span, mirror, offline });
	const base = baseStep(source, { cpython, settings: manifest.build, toolchain, launcher, seed });
	const stdlib = stdlibStep(source, base, cpython);
	const support = programPart(manifest, generated);
	const steps = compileSteps({ manifest, generated, support, toolchain, base, epoch: cpython.epoch });
	const moduleOf = (step: Step) => manifest.modules.find(({ name }) => step.id === `compile:${name}`);
	const compiled = steps.map((step) => ({ step, module: moduleOf(step) }));
	const names = [...steps.map((step) => step.id.slice('compile:'.length)), ...barePackages(manifest)];
	const inittab = inittabStep(base, toolchain, names);
	const needs = { base, inittab, compiled };
	const link = linkStep(needs, manifest, toolchain, contractOf(manifest));
	const verify = verifyStep(link, needs, manifest);
	const component = jco && manifest.build.component ? componentStep(link, manifest, jco) : undefined;
	const all = [source, base, stdlib, ...steps, inittab, link, verify, ...(component ? [component] : [])];
	return { steps: all, base, link, stdlib, verify, component };
}
