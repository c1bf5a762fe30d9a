import type { Manifest } from '../../../src/manifest/manifest.js';
import type { TypeDefinition, WitType } from '../../../src/wit/type.js';
import { hostFunction, hostModule, manifestOf } from './manifests.js';
import { alias, enumOf, flags, func, list, option, record, resource, result, tuple, variant } from './types.js';

function definitionOf(type: WitType): TypeDefinition {
	if (type.kind !== 'named') throw new Error(`${type.kind} has no definition`);
	return type.definition;
}

const color = enumOf('color', 'red', 'dark-green');
const rights = flags('rights', 'read', 'may-write');
const point = record('point', { x: 'f64', y: 'f64' });
const row = record('row', {
	id: 's32',
	'full-name': 'string',
	tags: list('string'),
	where: option(point),
	color,
	rights,
	'to-string': option('u8'),
});
const shape = variant('shape', { circle: 'f32', polygon: list(point), nothing: undefined });
const dbError = variant('db-error', { 'not-found': 'string', code: 'u64', timeout: undefined });
const ident = alias('ident', 'string');
const maybe = alias('maybe', option('u32'));
const rows = alias('rows', list(row));
const one = record('one', { only: enumOf('toggle', 'on', 'off') });
const numbers = record('numbers', {
	bytes: list('u8'),
	floats: list('f64'),
	longs: list('s64'),
	bools: list('bool'),
	chars: list('char'),
});

const counter = resource('counter', (self) => {
	const own = { kind: 'own', resource: self } as const;
	const borrow = { kind: 'borrow', resource: self } as const;
	return [
		{ kind: 'constructor', name: 'constructor', signature: func({ start: 's32' }, own), doc: 'Starts at a number.' },
		{ kind: 'method', name: 'next', signature: func({ self: borrow, by: 'u32' }, 's64') },
		{ kind: 'method', name: 'then', signature: func({ self: borrow }, result(own, 'string')) },
		{ kind: 'static', name: 'merge', signature: func({ a: own, b: borrow }, own) },
		{ kind: 'static', name: 'all', signature: func({}, list(own)) },
	];
});
const token = resource('token', () => []);

const definitions = [color, rights, point, row, shape, dbError, ident, maybe, rows, one, numbers].map(definitionOf);

const functions = {
	describe: func({ a: shape, b: color, c: rights, d: option(point) }, 'string'),
	find: func({ query: ident, limit: maybe }, result(rows, dbError)),
	save: func({ rows }, result(undefined, 'string')),
	check: func({}, result()),
	count: func({ rows: list(tuple('string', 'u32')) }, result('u32')),
	deep: func({ a: option(option('u8')), b: result(tuple('u8', option('string')), dbError) }, option(option('u8'))),
	paint: func({ one }, color),
	grant: func({ numbers }, rights),
	single: func({}, one),
	pair: func({}, tuple('u8')),
	choose: func({}, variant('choice', { left: undefined, right: undefined })),
	plain: func({}, row),
	sum: func({ floats: list('f64'), longs: list('u64') }, list('f32')),
	far: func({ rows, shape, point, more: point, last: point, end: list(shape), ok: result('f32', 's64') }, shape),
	hold: func({ token: { kind: 'own', resource: token }, tokens: list({ kind: 'borrow', resource: token }) }),
	lend: func({}, option({ kind: 'own', resource: token })),
};

/** A module with all kinds of types, in all places. */
export const rich: Manifest = manifestOf(
	hostModule(
		'demo',
		Object.entries(functions).map(([name, signature]) => hostFunction('demo', name, signature)),
		undefined,
		[...definitions, counter, token],
	),
);
