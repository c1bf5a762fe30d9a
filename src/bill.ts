import { relative } from 'node:path';
import { ADAPTER } from './component/jco.js';
import type { Cpython } from './cpython/choose.js';
import type { Manifest, NativeModule } from './manifest/manifest.js';
import type { Plan } from './plan.js';
import type { ComponentFacts } from './sbom/component-parts.js';
import type { BuildFacts, CpythonFacts, ModuleFacts } from './sbom/document.js';
import type { CpythonParts } from './sbom/parts.js';
import type { CompileInputs } from './steps/compile.js';
import type { ComponentInputs } from './steps/component.js';
import type { LinkInputs } from './steps/link.js';
import type { SourceInputs } from './steps/source.js';
import type { Step } from './steps/step.js';

/** What a bill of materials is made of, besides what is known when python.wasm is linked. */
export interface Billed {
	readonly manifest: Manifest;
	readonly cpython: Cpython;
	readonly plan: Pick<Plan, 'steps'>;
}

/**
 * Collects where everything in an output folder comes from. Hashes are those that the keys of the steps were made of,
 * so they tell of the files that were built, whatever has become of them since.
 */
export function collectFacts(
	{ manifest, cpython, plan }: Billed,
	parts: CpythonParts,
): Pick<BuildFacts, 'cpython' | 'modules'> {
	const { source } = inputsOf<SourceInputs>(plan.steps, 'source');
	const { libraries } = inputsOf<LinkInputs>(plan.steps, 'link');
	const hashes = new Map(libraries.map(({ path, sha256 }) => [path, sha256]));
	const moduleFacts = ({ name, libs }: NativeModule): ModuleFacts => ({
		name,
		files: inputsOf<CompileInputs>(plan.steps, `compile:${name}`).files,
		// The same library may stand in several places of a link.
		libraries: [...new Set(libs.map((path) => relative(manifest.folder, path)))].map((path) => ({
			path,
			sha256: hashes.get(path) ?? '',
		})),
	});
	const modules = manifest.modules.filter((module) => module.kind === 'native');
	return {
		cpython: { ...parts, version: cpython.version, ...canonicalUrl(cpython), sha256: Object.values(source)[0] ?? '' },
		modules: modules.map(moduleFacts).sort((a, b) => (a.name < b.name ? -1 : 1)),
	};
}

/** Collects where a component comes from, which was made of python.wasm. */
export function collectComponentFacts({ plan }: Pick<Billed, 'plan'>, sha256: string): ComponentFacts {
	const { jco } = inputsOf<ComponentInputs>(plan.steps, 'component');
	const { [ADAPTER]: adapter = '', ...files } = jco.files;
	return { sha256, jco: jco.jco, adapter: { path: ADAPTER, sha256: adapter }, tools: { version: jco.tools, files } };
}

function canonicalUrl({ source }: Cpython): Pick<CpythonFacts, 'url'> {
	if (source.kind === 'path') return {};
	return { url: source.kind === 'pinned' ? source.pin.url : source.url };
}

/** The inputs of a step, which its own file describes; a step keeps them as plain data. */
function inputsOf<Inputs>(steps: readonly Step[], id: string): Inputs {
	const step = steps.find((one) => one.id === id);
	if (!step) throw new TypeError(`the plan has no step "${id}"`);
	return step.inputs as Inputs;
}
