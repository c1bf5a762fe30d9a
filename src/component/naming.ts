import { type Outline, type OutlinedInterface, outlineOf } from '../contract/outline.js';
import { printWit } from '../contract/print-wit.js';
import { importedFunctions } from '../manifest/imports.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Renaming } from '../wasm/rename.js';

/** How a python.wasm becomes a component: its world, and the names that the component model gives to core functions. */
export interface ComponentNaming {
	/** WIT text with the world `python`. */
	readonly wit: string;
	/** Core imports of the host: names in python.wasm → names in a component's core module. */
	readonly imports: readonly {
		readonly from: readonly [module: string, name: string];
		readonly to: readonly [module: string, name: string];
	}[];
	/** The same of core exports, and of those that free their results, where they have such. */
	readonly exports: readonly { readonly from: string; readonly to: string }[];
}

/**
 * Names what a manifest's python.wasm imports and exports as the component model does (BuildTargets.md: interface id,
 * WIT name).
 */
export function componentNaming(manifest: Manifest): ComponentNaming {
	const outline = outlineOf(manifest);
	return {
		wit: printWit(outline, { docs: true }),
		imports: importNames(outline),
		exports: exportNames(outline),
	};
}

function importNames({ imports }: Outline): ComponentNaming['imports'] {
	return imports.flatMap((one) => {
		const names = new Map(one.functions.map(({ name, function: of }) => [of, name]));
		return importedFunctions(one.module).map(({ module, name, of }) => ({
			from: [module, name] as const,
			// What belongs to a resource has its WIT name already.
			to: [importModule(one), (of.kind === 'function' && names.get(of.function)) || name] as const,
		}));
	});
}

function exportNames({ exports }: Outline): ComponentNaming['exports'] {
	return exports.flatMap((one) =>
		one.functions.flatMap(({ name, function: { exportName } }) => {
			const to = one.inWorld?.kind === 'world' ? name : `${importModule(one)}#${name}`;
			return [
				{ from: exportName, to },
				{ from: `cabi_post_${exportName}`, to: `cabi_post_${to}` },
			];
		}),
	);
}

/** `acme:billing/quotes@1.0.0`; what the world itself has is in `$root`, an interface within it has only its name. */
function importModule({ package: home, name, inWorld }: OutlinedInterface): string {
	if (inWorld !== undefined) return inWorld.kind === 'world' ? '$root' : inWorld.name;
	const [id = '', version] = home.split('@');
	return `${id}/${name}${version === undefined ? '' : `@${version}`}`;
}

/** What a component is made of; all else that python.wasm exports is for hosts that link it themselves. */
const KEPT: ReadonlySet<string> = new Set(['memory', '_start', 'cabi_realloc']);

/** The renaming of a core module that makes it the core of a component. */
export function componentRenaming({ imports, exports }: ComponentNaming): Renaming {
	const names = new Map(imports.map(({ from, to }) => [from.join('\0'), to]));
	const exported = new Map(exports.map(({ from, to }) => [from, to]));
	return {
		importName: (module, name) => names.get(`${module}\0${name}`) ?? [module, name],
		exportName: (name) => (KEPT.has(name) ? name : exported.get(name)),
	};
}
