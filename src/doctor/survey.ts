import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { layoutOf } from '../cache/layout.js';
import { Memo } from '../cache/memo.js';
import { openStore } from '../cache/store.js';
import { RECIPES } from '../cpython/recipe.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Machine } from '../machine/machine.js';
import type { Manifest, ToolchainChoice } from '../manifest/manifest.js';
import { resolvingOptions } from '../resolving-options.js';
import type { SettledOptions } from '../settle.js';
import { ownPlaces } from '../toolchain/machine-files.js';
import { clangSuffixes } from '../toolchain/native-clang.js';
import { surveyToolchains } from '../toolchain/resolve.js';
import type { Resolving } from '../toolchain/resolving.js';
import { releaseOf } from '../toolchain/wasi-sdk-release.js';
import { wasiSdkOf } from '../toolchain/wasi-sdk-verdict.js';
import { findEmbedded } from './npm.js';
import { findProgram } from './packages.js';
import type { ClangFacts, ReleaseFacts, ToolchainFacts } from './toolchain.js';

/**
 * Looks at a machine's toolchains as a build does, but with a cache of its own: nothing is left behind, and a cache that
 * cannot be used is no reason to find none. Nothing is fetched.
 */
export async function examineToolchains(
	options: SettledOptions,
	manifest: Manifest | undefined,
	machine: Machine,
	signal: AbortSignal,
): Promise<ToolchainFacts> {
	const { compiler, cacheDir, manifest: path } = options;
	const choice = options.toolchain ?? manifest?.build.toolchain ?? 'auto';
	const given = manifest ? resolvingOptions(options, manifest) : withoutManifest(options);
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-doctor-'));
	const warnings: Diagnostic[] = [];
	try {
		await borrow(cacheDir, folder);
		const store = await openStore(folder);
		const survey = await surveyToolchains(choice, {
			...given,
			fetching: { ...given.fetching, offline: true },
			machine: { ...machine, run: (command, running) => machine.run(command, { ...running, signal }) },
			store,
			memo: new Memo(layoutOf(folder).memo),
			warn: (warning) => warnings.push(warning),
		});
		await store.close();
		const isMissing = survey.failure.some(({ code }) => code === 'toolchain/offline');
		const release = isMissing ? releaseToFetch(choice, given, cacheDir) : undefined;
		return {
			...survey,
			...(release && { release }),
			choice,
			compiler,
			warnings,
			embedded: findEmbedded(path),
			clangs: await findClangs(machine.path),
		};
	} finally {
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	}
}

/** What is known of compilers need not be found out again, and what was fetched need not be fetched. */
async function borrow(cacheDir: string, folder: string): Promise<void> {
	const { memo } = layoutOf(cacheDir);
	if (existsSync(memo)) await copyFile(memo, layoutOf(folder).memo);
	const fetched = join(cacheDir, 'trees/wasi-sdk');
	if (!existsSync(fetched)) return;
	await mkdir(join(folder, 'trees'));
	await symlink(fetched, join(folder, 'trees/wasi-sdk'));
}

type Given = Pick<Resolving, 'compiler' | 'environment' | 'minor' | 'fetching'>;

function withoutManifest({ compiler, wasiSdk, offline }: SettledOptions): Given {
	const minor = RECIPES.findLast(({ tested }) => tested)?.minor ?? '';
	return { compiler, environment: { WASI_SDK_PATH: wasiSdk }, minor, fetching: { offline, log: () => {} } };
}

/** The WASI-SDK that a build would fetch. */
function releaseToFetch(
	choice: ToolchainChoice,
	{ minor, fetching }: Given,
	cacheDir: string,
): ReleaseFacts | undefined {
	const asked = choice.split('@')[1];
	const version = asked === undefined ? wasiSdkOf(minor) : Number(asked);
	if (version === undefined) return undefined;
	const { url, sha256 } = releaseOf(version, asked === undefined ? undefined : fetching.own);
	const archive = join(cacheDir, 'downloads', sha256, basename(new URL(url).pathname));
	return { version, url, isKept: existsSync(archive), isAllowed: !fetching.offline };
}

async function findClangs(path: string): Promise<readonly ClangFacts[]> {
	return (await clangSuffixes(path, ownPlaces)).map((suffix) => {
		const others = ['wasm-ld', 'llvm-ar', 'llvm-ranlib'].map((name) => `${name}${suffix}`);
		return { name: `clang${suffix}`, lacks: others.filter((name) => !findProgram(name, path)) };
	});
}
