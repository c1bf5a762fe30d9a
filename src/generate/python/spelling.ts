import { importedFunctions } from '../../manifest/imports.js';
import type { HostModule } from '../../manifest/manifest.js';
import { pythonClass, pythonVariable } from '../../manifest/python-spelling.js';
import { localName, type Spelling } from './annotation.js';

/** How a module's stub file spells types, and the imports that it needs for what it has spelt so far. */
export interface FileSpelling {
	readonly spelling: Spelling;
	imports(hasContent: boolean): readonly string[];
}

const types = ['bool', 'bytearray', 'bytes', 'float', 'int', 'list', 'memoryview', 'object', 'str', 'tuple'];

/** Names that a file imports get an underscore, so that they are none of its own. */
export function spellingFor(module: HostModule): FileSpelling {
	const used = new Map<string, Set<string>>();
	const modules = new Set<string>();
	const hidden = namesOf(module).some((name) => types.includes(name));
	const spelling: Spelling = {
		builtin: (name) => (hidden ? `_builtins.${name}` : name),
		imported: (from, name) => {
			used.set(from, (used.get(from) ?? new Set()).add(name));
			return `_${name}`;
		},
		classOf: (definition) => {
			if (definition.owner === module.name) return localName(definition);
			modules.add(definition.owner);
			return `${moduleAlias(definition.owner)}.${localName(definition)}`;
		},
	};
	const imports = (hasContent: boolean): readonly string[] => {
		const lines = [
			...(hidden ? ['import builtins as _builtins'] : []),
			...[...modules].sort().map((name) => `import ${name} as ${moduleAlias(name)}`),
			...[...used]
				.sort(([a], [b]) => (a < b ? -1 : 1))
				.map(
					([from, names]) =>
						`from ${from} import ${[...names]
							.sort()
							.map((name) => `${name} as _${name}`)
							.join(', ')}`,
				),
			...(hasContent ? exposed(module, used.get('_cpybuild') ?? new Set()) : []),
		];
		return lines.length === 0 ? [] : [lines.join('\n')];
	};
	return { spelling, imports };
}

function moduleAlias(module: string): string {
	return `_${module.replaceAll('.', '_')}`;
}

/** What a module has of `_cpybuild`, unless a class of its own has that name. */
function exposed(module: HostModule, used: ReadonlySet<string>): readonly string[] {
	const own = new Set(module.types.map(({ name }) => pythonClass(name)));
	const names = ['HostError', ...(used.has('Ok') ? ['Err', 'Ok'] : []), ...(used.has('Some') ? ['Some'] : [])];
	const free = names.filter((name) => !own.has(name));
	return free.length === 0 ? [] : [`from _cpybuild import ${free.map((name) => `${name} as ${name}`).join(', ')}`];
}

/** Names that stand in the file, or in a class of it, beside annotations. */
function namesOf(module: HostModule): readonly string[] {
	const inClasses = module.types.flatMap((one) => {
		if (one.kind === 'record') return one.fields.map(({ name }) => pythonVariable(name));
		return one.kind === 'resource' ? one.functions.map(({ name }) => pythonVariable(name)) : [];
	});
	return [
		...module.functions.map(({ name }) => name),
		...inClasses,
		...importedFunctions(module).map(({ name }) => name),
	];
}
