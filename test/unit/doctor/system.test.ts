import { expect, test } from 'vitest';
import { judgeSystem } from '../../../src/doctor/system.js';

const id = 'system.platform';

test.each([
	[{ platform: 'linux', release: '6.1.0', cpu: 'x64' }, 'Linux 6.1.0 on x64'],
	[{ platform: 'darwin', release: '24.1.0', cpu: 'arm64' }, 'macOS on arm64'],
])('%o is supported', (system, found) => {
	expect(judgeSystem(system)).toEqual({ id, state: 'ok', found });
});

test('Windows is an error that points to WSL', () => {
	expect(judgeSystem({ platform: 'win32', release: '10.0.22631', cpu: 'x64' })).toEqual({
		id,
		state: 'error',
		found: 'Windows 10.0.22631 on x64',
		means: 'cpybuild builds on Linux and macOS; on Windows it runs in WSL, with a Node of its own there',
		repair: 'wsl --install -d Debian',
	});
});

test('what nobody has tried is a warning', () => {
	const means = 'cpybuild is made for Linux and macOS; nobody has tried this system';
	for (const [platform, name] of [
		['freebsd', 'FreeBSD'],
		['haiku', 'haiku'],
	] as const) {
		const found = `${name} 14.1 on x64`;
		expect(judgeSystem({ platform, release: '14.1', cpu: 'x64' })).toEqual({ id, state: 'warning', found, means });
	}
});
