import { expect, test } from 'vitest';
import { sourceLines } from '../../../src/source/debian.js';

const mirror = 'http://deb.example/debian';

test('each mirror is asked for its own suites and the well-known ones', () => {
	const targets = [
		`Packages ${mirror}/ bookworm main`,
		`Packages ${mirror}/ bookworm-updates main`,
		'Packages http://other.example/debian stable main',
	].join('\n');
	expect(sourceLines(targets)).toBe(`deb-src [trusted=yes] ${mirror}/ bookworm main
deb-src [trusted=yes] ${mirror}/ trixie main
deb-src [trusted=yes] ${mirror}/ bookworm-updates main
deb-src [trusted=yes] http://other.example/debian stable main
deb-src [trusted=yes] http://other.example/debian trixie main
deb-src [trusted=yes] http://other.example/debian bookworm main
`);
});

test('security archives and Ubuntu are asked for what they are configured for alone', () => {
	const targets = [
		'Packages http://security.example/debian-security/ bookworm-security main',
		'Packages http://archive.example/ubuntu/ noble main',
	].join('\n');
	expect(
		sourceLines(targets),
	).toBe(`deb-src [trusted=yes] http://security.example/debian-security/ bookworm-security main
deb-src [trusted=yes] http://archive.example/ubuntu/ noble main
`);
});

test('indices that are no packages, other components and repeated lines add nothing', () => {
	const targets = [
		'Translations http://archive.example/ubuntu/ noble main',
		'Packages http://archive.example/ubuntu/ noble universe',
		'Packages http://archive.example/ubuntu/ noble main',
		'Packages http://archive.example/ubuntu/ noble main',
		'Sources http://archive.example/ubuntu/ noble main',
		'Packages   ',
		'',
	].join('\n');
	expect(sourceLines(targets)).toBe('deb-src [trusted=yes] http://archive.example/ubuntu/ noble main\n');
});

test('a machine without apt sources gives none', () => {
	expect(sourceLines('')).toBe('');
});
