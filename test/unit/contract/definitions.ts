import type {
	EnumDefinition,
	RecordDefinition,
	ResourceDefinition,
	ResourceFunction,
	Signature,
	WitType,
} from '../../../src/wit/type.js';
import { hostFunction, hostModule, manifest } from '../generate/manifest.js';

const string: WitType = { kind: 'string' };

const param = (name: string, type: WitType) => ({ name, type, start: 0, end: 0 });

const color: EnumDefinition = {
	kind: 'enum',
	name: 'color',
	owner: 'paint',
	doc: 'What there is.',
	cases: [{ name: 'red' }, { name: 'from', doc: 'A keyword of Python.' }],
};

const query: RecordDefinition = {
	kind: 'record',
	name: 'query',
	owner: 'db',
	doc: 'What is asked for.\n\nIn two paragraphs.',
	fields: [
		{ name: 'text', type: string, doc: 'In SQL.' },
		{ name: 'limit', type: { kind: 'option', some: { kind: 'u32' } } },
		{ name: 'color', type: { kind: 'named', definition: color } },
	],
};

const functions: ResourceFunction[] = [];

const cursor: ResourceDefinition = { kind: 'resource', name: 'open-cursor', owner: 'db', functions };

const self = param('self', { kind: 'borrow', resource: cursor });

functions.push(
	{
		kind: 'constructor',
		name: 'constructor',
		signature: {
			params: [param('q', { kind: 'named', definition: query })],
			result: { kind: 'own', resource: cursor },
		},
	},
	{
		kind: 'method',
		name: 'next-row',
		signature: { params: [self], result: { kind: 'option', some: string } },
		doc: 'The next one.',
	},
	{ kind: 'static', name: 'count', signature: { params: [], result: { kind: 'u32' } } },
);

const rows: WitType = {
	kind: 'named',
	definition: { kind: 'alias', name: 'rows', owner: 'db', type: { kind: 'list', element: string } },
};

const ask: Signature = {
	params: [param('q', { kind: 'named', definition: query }), param('max-rows', { kind: 'u32' })],
	result: { kind: 'result', ok: rows, err: { kind: 'named', definition: color } },
};

/** Two modules with definitions of every kind but one, the first using one of the second. */
export const database = manifest([
	{
		...hostModule('db', [hostFunction('ask', ask, { defaults: { 'max-rows': 5 }, doc: 'Asks.' })]),
		types: [
			query,
			cursor,
			...(rows.kind === 'named' ? [rows.definition] : []),
			{
				kind: 'variant',
				name: 'shape',
				owner: 'db',
				cases: [{ name: 'circle', type: { kind: 'f64' } }, { name: 'none' }],
			},
			{ kind: 'flags', name: 'perms', owner: 'db', flags: [{ name: 'read' }, { name: 'write' }] },
		],
		doc: 'A database.',
	},
	{
		...hostModule('paint', [hostFunction('mix', { params: [], result: { kind: 'named', definition: color } })]),
		types: [color],
	},
]);
