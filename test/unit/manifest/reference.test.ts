import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { manifestJsonSchema, manifestJsonSchemaText } from '../../../src/manifest/json-schema.js';
import { manifestReference } from '../../../src/manifest/reference.js';

test('schema/manifest.schema.json is current', () => {
	expect(readFileSync('schema/manifest.schema.json', 'utf8')).toBe(manifestJsonSchemaText());
});

test('docs/manifest.md is current', () => {
	expect(readFileSync('docs/manifest.md', 'utf8')).toBe(manifestReference());
});

test('every mapping with fixed keys refuses others, and every key is described', () => {
	const faults: string[] = [];
	const visit = (value: unknown, path: string): void => {
		if (typeof value !== 'object' || value === null) return;
		if ('properties' in value && typeof value.properties === 'object' && value.properties !== null) {
			if (!('additionalProperties' in value) || value.additionalProperties !== false) faults.push(`${path} is open`);
			for (const [key, one] of Object.entries(value.properties)) {
				if (!('description' in one)) faults.push(`${path}.${key} has no description`);
			}
		}
		for (const [key, one] of Object.entries(value)) visit(one, `${path}/${key}`);
	};
	visit(manifestJsonSchema(), '');
	expect(faults).toEqual([]);
});
