import type { CodeTable } from './code-table.js';

/** WIT: `.wit` files, and what the types of a manifest share with them. */
export const witCodes: CodeTable<'wit'> = {
	'wit/syntax': {
		title: 'A WIT file that cannot be read',
		explanation: 'The text breaks the grammar of WIT at the marked place.',
		remedy: 'The message says what is expected there. Words of the grammar need a `%` when they are names: `%list`.',
	},
	'wit/bad-name': {
		title: 'Not a name in WIT',
		explanation:
			'Names are ASCII words joined by single hyphens, each word all lower-case or all upper-case; packages are lower-case.',
		remedy: 'Rename it; the hint shows the right form.',
	},
	'wit/package': {
		title: 'Packages that do not fit together',
		explanation:
			'A folder of WIT files is one package, named by `package ns:name;` in at least one of them, and no package may be ' +
			'there twice.',
		remedy: 'Name the package once, and give files of other packages a folder of their own below `deps/`.',
	},
	'wit/unknown-name': {
		title: 'An unknown name in WIT',
		explanation:
			'A package, an interface, a world, a type or a function of this name does not exist where it is looked for.',
		remedy: 'The hint shows the likely name or what exists. Other packages belong below `deps/`.',
	},
	'wit/wrong-kind': {
		title: 'A name of something else',
		explanation: 'The name exists but stands for something else, such as a world where an interface belongs.',
		remedy: 'The message says what it is.',
	},
	'wit/duplicate-name': {
		title: 'Two things of one name',
		explanation:
			'Case and hyphens make no difference in a component: `get-url`, `get-URL` and `geturl` are one name. A function of a ' +
			'resource may not be named like the resource.',
		remedy: 'Rename one of them.',
	},
	'wit/cycle': {
		title: 'A circle',
		explanation: 'A type, an interface, a world or a package needs itself, directly or by others.',
		remedy: 'Break the circle. WIT has no recursive types; a resource or an index into a list can stand for one.',
	},
	'wit/impossible-type': {
		title: 'A type that cannot be',
		explanation:
			'WIT refuses it: an empty record, more than 32 flags, a borrowed handle in a result, a handle of what is no ' +
			'resource, a map with keys of another kind, or a type that is too deep or too large.',
		remedy: 'The message says which rule it breaks.',
	},
	'wit/feature-gate': {
		title: 'A feature gate that does not hold',
		explanation:
			'`@since` needs a package with at least that version, `@deprecated` needs `@since` or `@unstable`, and what is not ' +
			'gated may not use what an `@unstable` gate leaves out.',
		remedy: 'Enable the feature, correct the gate, or put the same gate on what uses it.',
	},
	'wit/world': {
		title: 'A world that cannot be',
		explanation:
			'A world imports or exports something twice, includes what clashes, or exports interfaces that would need one ' +
			'interface both as an import and as an export.',
		remedy: 'The message names the item; renaming, or exporting the interfaces that it needs too, usually helps.',
	},
};
