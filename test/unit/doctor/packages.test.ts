import { expect, test } from 'vitest';
import { type Installer, installCommand, type Part, parseClangs } from '../../../src/doctor/packages.js';

const APT: Installer = { manager: 'apt-get', isRoot: false, isMac: false, numberedClang: 19 };
const DNF: Installer = { ...APT, manager: 'dnf', numberedClang: undefined };
const BREW: Installer = { ...DNF, manager: 'brew', isMac: true };

const PARTS: readonly Part[] = ['make', 'shell', 'clang', 'debian', 'engine', 'ccache', 'sccache', 'distcc', 'icecc'];

const all = (installer: Installer) => Object.fromEntries(PARTS.map((part) => [part, installCommand(part, installer)]));

test('each part has a command for apt-get', () => {
	expect(all(APT)).toEqual({
		make: 'sudo apt-get install --no-install-recommends make',
		shell: 'sudo apt-get install --no-install-recommends dash coreutils diffutils grep sed mawk',
		clang: 'sudo apt-get install --no-install-recommends clang-19 lld-19 llvm-19',
		debian: 'sudo apt-get install --no-install-recommends clang lld llvm libclang-rt-dev-wasm32 wasi-libc',
		engine: 'sudo apt-get install --no-install-recommends docker.io',
		ccache: 'sudo apt-get install --no-install-recommends ccache',
		sccache: 'sudo apt-get install --no-install-recommends sccache',
		distcc: 'sudo apt-get install --no-install-recommends distcc',
		icecc: 'sudo apt-get install --no-install-recommends icecc',
	});
});

test('each part that Fedora has, has a command for dnf', () => {
	expect(all(DNF)).toEqual({
		make: 'sudo dnf install make',
		shell: 'sudo dnf install bash coreutils diffutils grep sed gawk',
		clang: 'sudo dnf install clang lld llvm',
		debian: undefined,
		engine: 'sudo dnf install podman',
		ccache: 'sudo dnf install ccache',
		sccache: 'sudo dnf install sccache',
		distcc: 'sudo dnf install distcc',
		icecc: 'sudo dnf install icecream',
	});
});

test('on macOS Apple gives make, and Homebrew the rest', () => {
	expect(all(BREW)).toEqual({
		make: 'xcode-select --install',
		shell: 'xcode-select --install',
		clang: 'brew install llvm lld && export PATH="$(brew --prefix llvm)/bin:$(brew --prefix lld)/bin:$PATH"',
		debian: undefined,
		engine: 'brew install --cask docker-desktop',
		ccache: 'brew install ccache',
		sccache: 'brew install sccache',
		distcc: 'brew install distcc',
		icecc: undefined,
	});
	expect(installCommand('make', { ...BREW, manager: undefined })).toBe('xcode-select --install');
});

test('root needs no sudo', () => {
	expect(installCommand('make', { ...APT, isRoot: true })).toBe('apt-get install --no-install-recommends make');
	expect(installCommand('make', { ...DNF, isRoot: true })).toBe('dnf install make');
});

test('there is no command without a package manager, or where it has no clang that works', () => {
	expect(installCommand('ccache', { ...APT, manager: undefined })).toBeUndefined();
	expect(installCommand('clang', { ...APT, numberedClang: undefined })).toBeUndefined();
});

test('of what apt lists the tested clang is taken, else the newest that works', () => {
	const line = (version: number) => `clang-${version} - C, C++ and Objective-C compiler\n`;
	expect(parseClangs([14, 19, 21, 20].map(line).join(''))).toBe(19);
	expect(parseClangs([14, 21, 20].map(line).join(''))).toBe(21);
	expect(parseClangs(line(18))).toBeUndefined();
	expect(parseClangs('clang-19-doc - documentation\n')).toBeUndefined();
	expect(parseClangs('')).toBeUndefined();
});
