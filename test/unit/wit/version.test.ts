import { describe, expect, test } from 'vitest';
import { compareVersions, parseVersion, type Version } from '../../../src/wit/version.js';

function version(text: string): Version {
	return parseVersion(text) ?? expect.unreachable(`"${text}" is a version`);
}

describe('versions', () => {
	test.each(['0.0.0', '1.2.3', '1.0.0-rc.1', '1.0.0-0a.b-c+01.x', '1.0.0+build', '18446744073709551615.0.0'])(
		'%s is one',
		(text) => {
			expect(version(text).text).toBe(text);
		},
	);

	test.each(['1', '1.0', '01.0.0', '1.0.0-', '1.0.0-01', '1.0.0-a..b', '1.0.0+', '1.0.0 ', '18446744073709551616.0.0'])(
		'"%s" is none',
		(text) => {
			expect(parseVersion(text)).toBeUndefined();
		},
	);

	test('they have the order of semver.org, and builds the one of wasm-tools', () => {
		const ordered = [
			'1.0.0-alpha',
			'1.0.0-alpha.1',
			'1.0.0-alpha.beta',
			'1.0.0-beta',
			'1.0.0-beta.2',
			'1.0.0-beta.11',
			'1.0.0-rc.1',
			'1.0.0',
			'1.0.0+a',
			'1.0.0+b',
			'1.0.1',
			'1.2.0',
			'1.10.0',
			'2.0.0-0',
		];
		const shuffled = [...ordered].sort().map(version);
		expect(shuffled.sort(compareVersions).map(({ text }) => text)).toEqual(ordered);
		expect(compareVersions(version('1.0.0-a'), version('1.0.0-a'))).toBe(0);
	});
});
