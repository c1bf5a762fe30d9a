import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CpythonPin } from '../cpython/pins.js';
import type { Machine, RunOptions } from '../machine/machine.js';
import { Unavailable } from './download.js';

/** Suites that may carry the pinned release when the machine's own suites do not, newest stable first. */
const SUITES = ['trixie', 'bookworm'];

/** Where Debian's apt keeps its downloader, which honours the machine's proxies. */
const APT_HELPER = '/usr/lib/apt/apt-helper';

/**
 * Gets a pinned tarball as the `.orig` file of a Debian source package, through the machine's own apt and the
 * mirrors in its configuration. Everything that apt writes goes to `folder`, so no root is needed. Signatures
 * are not asked for: the pinned sha256 is stricter, and a machine need not hold the keys of a newer suite.
 * @throws Unavailable when there is no apt, no mirror answers, or none has the file.
 */
export async function downloadFromDebian(
	machine: Machine,
	pin: CpythonPin,
	folder: string,
	to: string,
	options: RunOptions,
): Promise<void> {
	const apt = await privateApt(machine, folder, options);
	// A suite that one mirror does not have fails the update of that suite only.
	await apt('apt-get', '-qq', 'update').catch((error: unknown) => {
		if (!(error instanceof Unavailable)) throw error;
	});
	const versions = (await apt('apt-cache', 'madison', pin.debianSource))
		.split('\n')
		.map((line) => line.split('|').map((cell) => cell.trim()))
		.filter(([, version, origin]) => version?.startsWith(`${pin.version}-`) && origin?.endsWith('Sources'))
		.flatMap(([, version]) => version ?? []);
	for (const version of new Set(versions)) {
		const listing = await apt('apt-get', 'source', '--print-uris', `${pin.debianSource}=${version}`);
		const file = listing.match(new RegExp(`^'(?<url>[^']+)' .* SHA256:${pin.sha256}$`, 'm'))?.groups;
		if (!file?.url) continue;
		await apt(APT_HELPER, 'download-file', file.url, to, `SHA256:${pin.sha256}`);
		return;
	}
	throw new Unavailable(`Debian: no source package ${pin.debianSource} ${pin.version} with the pinned hash`);
}

/** A caller of apt's programs that use lists, cache and state of their own. */
async function privateApt(machine: Machine, folder: string, options: RunOptions) {
	const run = async (argv: readonly [string, ...string[]]) => {
		const result = await machine
			.run({ argv, cwd: folder, env: { LC_ALL: 'C.UTF-8', HOME: folder } }, options)
			.catch((cause: unknown) => {
				if (options.signal?.aborted) throw cause;
				throw new Unavailable(`Debian: there is no ${argv[0]} on this machine`, { cause });
			});
		if (result.exitCode !== 0) {
			const reason = result.output.trim().split('\n').at(-1) ?? '';
			throw new Unavailable(`Debian: ${argv[0]} ${argv.at(-1)} failed: ${reason}`);
		}
		return result.stdout;
	};
	await mkdir(join(folder, 'lists/partial'), { recursive: true });
	await mkdir(join(folder, 'cache/archives/partial'), { recursive: true });
	const targets = await run([
		'apt-get',
		'indextargets',
		'--format',
		'$(CREATED_BY) $(REPO_URI) $(RELEASE) $(COMPONENT)',
	]);
	await writeFile(join(folder, 'sources.list'), sourceLines(targets));
	const settings = [
		`Dir::Etc::sourcelist=${folder}/sources.list`,
		'Dir::Etc::sourceparts=/dev/null',
		`Dir::State=${folder}`,
		`Dir::State::lists=${folder}/lists`,
		`Dir::Cache=${folder}/cache`,
		'Debug::NoLocking=1',
		'APT::Sandbox::User=',
		'Acquire::Retries=2',
	].flatMap((setting) => ['-o', setting]);
	return (program: string, ...args: string[]) => run([program, ...settings, ...args]);
}

/** The machine's Debian mirrors, each with the suites that it is configured for and the well-known ones. */
export function sourceLines(targets: string): string {
	const lines = new Set<string>();
	for (const target of targets.split('\n')) {
		const [createdBy, uri, suite, component] = target.split(' ');
		if (createdBy !== 'Packages' || component !== 'main' || !uri || !suite) continue;
		const wellKnown = /\/debian\/?$/.test(uri) ? SUITES : [];
		for (const name of [suite, ...wellKnown]) lines.add(`deb-src [trusted=yes] ${uri} ${name} main`);
	}
	return [...lines, ''].join('\n');
}
