import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { examineJco, judgeJco } from '../../../src/doctor/component.js';
import { manifestOf } from '../bindings/manifests.js';

const plain = manifestOf();
const component = { ...plain, build: { ...plain.build, component: true } };

test('jco is looked for where a component is asked for', () => {
	const manifest = new URL('../../../node_modules/@bytecodealliance/jco/package.json', import.meta.url);
	const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
	expect(examineJco(component, 'app/project.yaml')).toEqual({ version, folder: 'app' });
	expect([examineJco(plain, 'project.yaml'), examineJco(undefined, 'project.yaml')]).toEqual([undefined, undefined]);
});

test('it is an error only where it is needed and missing, with the command that installs it', () => {
	expect(judgeJco(undefined)).toEqual([]);
	expect(judgeJco({ version: '1.35.0', folder: '.' })).toEqual([
		{ id: 'component.jco', state: 'ok', found: '@bytecodealliance/jco 1.35.0' },
	]);
	const missing = {
		id: 'component.jco',
		state: 'error',
		found: 'the npm package "@bytecodealliance/jco" is not installed',
		means: '"component: true" makes the component with it',
	};
	expect(judgeJco({ version: undefined, folder: '.' })).toEqual([
		{ ...missing, repair: 'npm install --save-dev @bytecodealliance/jco' },
	]);
	expect(judgeJco({ version: undefined, folder: '../my app' })).toEqual([
		{ ...missing, repair: "npm install --save-dev --prefix '../my app' @bytecodealliance/jco" },
	]);
});
