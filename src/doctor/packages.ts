import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Machine } from '../machine/machine.js';
import { ownPlaces } from '../toolchain/machine-files.js';
import { clangSuffixes } from '../toolchain/native-clang.js';

/** What installs software on this machine, and what it has to offer. */
export interface Installer {
	readonly manager: 'apt-get' | 'dnf' | 'brew' | undefined;
	/** Whether the user is root already. */
	readonly isRoot: boolean;
	readonly isMac: boolean;
	/** The number of the clang that is here or that apt has; undefined where there is none from 19 on. */
	readonly numberedClang: number | undefined;
}

/** A machine of which nothing is known. */
export const UNKNOWN_INSTALLER: Installer = {
	manager: undefined,
	isRoot: false,
	isMac: false,
	numberedClang: undefined,
};

/** What a build may lack. */
export type Part = 'make' | 'shell' | 'clang' | 'debian' | 'engine' | 'ccache' | 'sccache' | 'distcc' | 'icecc';

type Manager = NonNullable<Installer['manager']>;

const PACKAGES: Readonly<Record<Exclude<Part, 'clang'>, Readonly<Partial<Record<Manager, string>>>>> = {
	make: { 'apt-get': 'make', dnf: 'make' },
	shell: { 'apt-get': 'dash coreutils diffutils grep sed mawk', dnf: 'bash coreutils diffutils grep sed gawk' },
	debian: { 'apt-get': 'clang lld llvm libclang-rt-dev-wasm32 wasi-libc' },
	engine: { 'apt-get': 'docker.io', dnf: 'podman', brew: '--cask docker-desktop' },
	ccache: { 'apt-get': 'ccache', dnf: 'ccache', brew: 'ccache' },
	sccache: { 'apt-get': 'sccache', dnf: 'sccache', brew: 'sccache' },
	distcc: { 'apt-get': 'distcc', dnf: 'distcc', brew: 'distcc' },
	icecc: { 'apt-get': 'icecc', dnf: 'icecream' },
};

/** The command that installs a part here; undefined where no package manager is known to have it. */
export function installCommand(part: Part, installer: Installer): string | undefined {
	const { manager, isMac } = installer;
	// Of the system's own tools Apple gives all or none.
	if (isMac && (part === 'make' || part === 'shell')) return 'xcode-select --install';
	if (manager === undefined) return undefined;
	const packages = part === 'clang' ? clangPackages(installer) : PACKAGES[part][manager];
	if (packages === undefined) return undefined;
	const command = {
		'apt-get': `apt-get install --no-install-recommends ${packages}`,
		dnf: `dnf install ${packages}`,
		brew: `brew install ${packages}`,
	}[manager];
	if (manager === 'brew') return part === 'clang' ? `${command} && ${BREW_PATH}` : command;
	return installer.isRoot ? command : `sudo ${command}`;
}

/** Homebrew keeps its LLVM off the search path, since macOS has a clang of its own. */
const BREW_PATH = 'export PATH="$(brew --prefix llvm)/bin:$(brew --prefix lld)/bin:$PATH"';

function clangPackages({ manager, numberedClang }: Installer): string | undefined {
	if (manager === 'brew') return 'llvm lld';
	if (manager === 'dnf') return 'clang lld llvm';
	return numberedClang === undefined
		? undefined
		: ['clang', 'lld', 'llvm'].map((name) => `${name}-${numberedClang}`).join(' ');
}

/** Looks which package manager there is. */
export async function findInstaller(machine: Machine, signal: AbortSignal): Promise<Installer> {
	const isMac = process.platform === 'darwin';
	const managers: readonly Manager[] = isMac ? ['brew'] : ['apt-get', 'dnf', 'brew'];
	const manager = managers.find((name) => findProgram(name, machine.path));
	const here = (await clangSuffixes(machine.path, ownPlaces)).map((suffix) => -Number(suffix));
	const numberedClang = manager === 'apt-get' ? (newestOf(here) ?? (await offeredClang(machine, signal))) : undefined;
	return { manager, isMac, isRoot: process.getuid?.() === 0, numberedClang };
}

/** The path of a program on a search path. */
export function findProgram(name: string, path: string): string | undefined {
	return path
		.split(delimiter)
		.filter((folder) => folder !== '')
		.map((folder) => join(folder, name))
		.find((file) => existsSync(file));
}

/** Clangs before it do not work with the embedded sysroot; it is the one that cpybuild is tested with. */
const OLDEST_CLANG = 19;

async function offeredClang(machine: Machine, signal: AbortSignal): Promise<number | undefined> {
	const argv = ['apt-cache', 'search', '--names-only', '^clang-[0-9]+$'] as const;
	const { stdout } = await machine.run({ argv, cwd: '/', env: { LC_ALL: 'C' } }, { signal }).catch(() => NO_OUTPUT);
	return parseClangs(stdout);
}

const NO_OUTPUT = { stdout: '' };

/** The clang to install of what `apt-cache search` lists: the tested one, else the newest that works. */
export function parseClangs(listing: string): number | undefined {
	const offered = [...listing.matchAll(/^clang-(\d+) /gm)].map(([, number]) => Number(number));
	return offered.includes(OLDEST_CLANG) ? OLDEST_CLANG : newestOf(offered);
}

function newestOf(versions: readonly number[]): number | undefined {
	return versions.filter((version) => version >= OLDEST_CLANG).sort((a, b) => b - a)[0];
}
