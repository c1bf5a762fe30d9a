import { describe, expect, test } from 'vitest';
import { printType } from '../../../src/wit/print.js';
import type { ResourceDefinition, WitType } from '../../../src/wit/type.js';

const u8: WitType = { kind: 'u8' };
const resource: ResourceDefinition = { kind: 'resource', name: 'list', owner: 'demo', functions: [] };

describe('printType', () => {
	test.each([
		['list<list<string>>', { kind: 'list', element: { kind: 'list', element: { kind: 'string' } } }],
		['tuple<u8, bool>', { kind: 'tuple', items: [u8, { kind: 'bool' }] }],
		['option<option<u8>>', { kind: 'option', some: { kind: 'option', some: u8 } }],
		['result', { kind: 'result' }],
		['result<u8>', { kind: 'result', ok: u8 }],
		['result<_, u8>', { kind: 'result', err: u8 }],
		['result<u8, string>', { kind: 'result', ok: u8, err: { kind: 'string' } }],
		['my-bytes', { kind: 'named', definition: { kind: 'alias', name: 'my-bytes', owner: 'demo', type: u8 } }],
		['%record', { kind: 'named', definition: { kind: 'record', name: 'record', owner: 'demo', fields: [] } }],
		['%list', { kind: 'own', resource }],
		['borrow<%list>', { kind: 'borrow', resource }],
	] satisfies readonly (readonly [string, WitType])[])('writes %s', (text, type) => {
		expect(printType(type)).toBe(text);
	});
});
