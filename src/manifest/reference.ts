import { type JsonSchema, manifestJsonSchema } from './json-schema.js';

/** The text of `docs/manifest.md`. */
export function manifestReference(): string {
	const schema = manifestJsonSchema();
	return `${[
		'<!-- Generated from src/manifest/schema.ts by scripts/generate-docs.mjs. Do not edit. -->',
		'# The manifest',
		'`project.yaml` says which CPython to build and what its programs can import. Editors complete and check it with this first line:',
		fence('yaml', '# yaml-language-server: $schema=./node_modules/cpybuild/schema/manifest.schema.json'),
		'Unknown keys are errors. Relative paths start in the folder of the manifest. Sizes are written `20MiB`, `1GiB`, `64KiB`, or as a number of bytes.',
		...sections(schema).map(section),
		typesSection,
	].join('\n\n')}\n`;
}

/** A mapping of the manifest, with the way to it. */
interface Section {
	readonly title: string;
	readonly schema: JsonSchema;
}

/** The mappings of the manifest in the order of its keys; one that can stand in two places is described once. */
function sections(root: JsonSchema): readonly Section[] {
	const found: Section[] = [];
	const add = ({ title, schema }: Section): void => {
		if (found.some((one) => sameKeys(one.schema, schema))) return;
		found.push({ title, schema });
		for (const [key, value] of Object.entries(schema.properties ?? {})) {
			mappingsOf(value, title === '' ? key : `${title}.${key}`).forEach(add);
		}
	};
	add({ title: '', schema: root });
	return found;
}

function mappingsOf(schema: JsonSchema, title: string): readonly Section[] {
	if (schema.anyOf !== undefined) return schema.anyOf.flatMap((one) => mappingsOf(one, title));
	if (typeof schema.additionalProperties === 'object')
		return mappingsOf(schema.additionalProperties, `${title}.<name>`);
	return schema.properties === undefined ? [] : [{ title, schema }];
}

function sameKeys(a: JsonSchema, b: JsonSchema): boolean {
	return Object.keys(a.properties ?? {}).join() === Object.keys(b.properties ?? {}).join();
}

function section({ title, schema }: Section): string {
	const rows = Object.entries(schema.properties ?? {}).map(([key, value]) => {
		const isRequired = schema.required?.includes(key) ?? false;
		const fallback = isRequired
			? '**required**'
			: value.default === undefined || isMapping(value.default)
				? ''
				: code(value.default);
		return `| \`${key}\` | ${typeText(value)} | ${fallback} | ${description(value)} |`;
	});
	return [
		title === '' ? '## Top level' : `## \`${title}\``,
		...(schema.description === undefined ? [] : ['', schema.description]),
		'',
		'| key | value | default | meaning |',
		'|---|---|---|---|',
		...rows,
	].join('\n');
}

function typeText(schema: JsonSchema): string {
	if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeText))].join(' or ');
	if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
	if (schema.const !== undefined) return code(schema.const);
	if (schema.items !== undefined) return `list of ${typeText(schema.items)}s`;
	if (typeof schema.additionalProperties === 'object') return 'mapping by name';
	return [schema.type ?? []]
		.flat()
		.map((type) => typeNames[type] ?? type)
		.join(', ');
}

const typeNames: Readonly<Record<string, string>> = { string: 'text', boolean: 'true or false', object: 'mapping' };

function description({ description: text = '', examples = [] }: JsonSchema): string {
	const [example] = examples;
	return `${text}${example === undefined ? '' : ` Example: ${code(example)}`}`.replaceAll('|', '\\|');
}

function code(value: unknown): string {
	return `\`${yamlFlow(value)}\``;
}

/** A value as one writes it in YAML on one line. */
function yamlFlow(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(yamlFlow).join(', ')}]`;
	if (isMapping(value)) {
		return `{ ${Object.entries(value)
			.map(([key, one]) => `${key}: ${yamlFlow(one)}`)
			.join(', ')} }`;
	}
	if (typeof value !== 'string') return String(value);
	if (value.includes('"')) return `'${value.replaceAll("'", "''")}'`;
	return /^\d+[.\d]*$|[\s'#:{}[\],]/.test(value) ? `"${value}"` : value;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fence(language: string, text: string): string {
	return `\`\`\`${language}\n${text}\n\`\`\``;
}

const typesSection = [
	'## Signatures',
	'',
	'A signature is a WIT function type, always in quotes: `"func(url: string, max-bytes: u32) -> list<u8>"`. A function without',
	'a result has no arrow. `max-bytes` is `max_bytes` in Python and `maxBytes` in TypeScript.',
	'',
	'| WIT | Python | TypeScript | default value in the manifest |',
	'|---|---|---|---|',
	'| `bool` | `bool` | `boolean` | `true`, `false` |',
	'| `s8` `s16` `s32` `u8` `u16` `u32` | `int` | `number` | a whole number in range |',
	'| `s64` `u64` | `int` | `bigint` | a whole number in range, of any length |',
	'| `f32` `f64` | `float` | `number` | a number, `.inf`, `.nan` |',
	'| `char` | `str` of one character | `string` | a text of one character |',
	'| `string` | `str` | `string` | a text |',
	'| `list<u8>` | `bytes`; takes any buffer | `Uint8Array` | a text (its UTF-8) or a list of numbers from 0 to 255 |',
	'| `list<s16>` … `list<f64>` | `array.array`; takes any buffer of such numbers, and sequences | `Int16Array` … `Float64Array` | |',
	'| `list<T>` | `list`; takes any sequence | `readonly T[]` | |',
	'| `tuple<A, B>` | `tuple` | `readonly [A, B]` | |',
	'| `option<T>` | `None`, or the value | `undefined`, or the value | |',
	'| `result<T, E>` as result | the value, or an exception that carries the error | the value, or a thrown exception | |',
	'',
	'## Types',
	'',
	'`types` of a module declares what its signatures can name, as an interface of a `.wit` file would:',
	'',
	fence(
		'yaml',
		[
			'modules:',
			'  db:',
			'    types: |',
			'      use paint.{color};',
			'',
			'      /// What is asked for.',
			'      record query { text: string, limit: option<u32> }',
			'      variant db-error { closed, bad-query(string) }',
			'      enum order { up, down }',
			'      flags perms { read, write }',
			'      type row = list<string>;',
			'      resource cursor {',
			'        constructor(q: query);',
			'        next: func() -> option<row>;',
			'      }',
			'    functions:',
			'      ask: "func(q: query, p: perms) -> result<cursor, db-error>"',
			'  paint:',
			'    types: "enum color { red, green }"',
		].join('\n'),
	),
	'',
	'| WIT | Python | TypeScript |',
	'|---|---|---|',
	'| `record db-query` | class `DbQuery`, made with its fields by place or by name | interface |',
	'| `variant shape { circle(f64), none }` | classes `Shape.Circle(value)` and `Shape.None_()` for `match` | `{ tag: "circle", val: number }`, `{ tag: "none" }` |',
	'| `enum color { hot-pink }` | `enum.Enum` with `Color.HOT_PINK` | `"hot-pink"` |',
	'| `flags perms { read }` | `enum.Flag` with `Perms.READ` | `{ read: true }` |',
	'| `resource cursor` | class `Cursor`, a context manager | class; its `[Symbol.dispose]` is called when Python drops one |',
	'| `type row = …` | what it stands for | a type of that name |',
	'',
	'A module uses types of another one by `use other-module.{name};`. Names that are keywords of Python get an underscore behind',
	'them. With `wit`, the same declarations come from `.wit` files, and each interface that their world imports is a module.',
].join('\n');
