import { join } from 'node:path';
import { type Diagnostic, diagnostic, fail } from '../diagnostics/diagnostic.js';
import type { ToolchainChoice } from '../manifest/manifest.js';
import { installed, type Looking } from './installed.js';
import type { Places } from './machine-files.js';
import type { Resolving } from './resolving.js';
import type { Toolchain } from './toolchain.js';
import { judgeWasiSdk, wasiSdkOf } from './wasi-sdk-verdict.js';
import { type SdkVersion, versionOfSdk } from './wasi-sdk-version.js';

/** A folder that should hold a WASI-SDK. */
interface Sdk {
	readonly folder: string;
	/** Absent when neither the SDK nor its folder's name says it. */
	readonly version: SdkVersion | undefined;
}

/**
 * The WASI-SDKs of the version that was asked for, else of the one that fits CPython's: what `WASI_SDK_PATH` names,
 * those below `/opt`, and the release, fetched when none of these works. Where no version was asked for,
 * `WASI_SDK_PATH` may name any; and where any toolchain will do, every installed one is tried and nothing is fetched.
 * @throws CpybuildError `toolchain/bad-wasi-sdk`, or why the release cannot be had.
 */
export async function* wasiSdkToolchains(looking: Looking): AsyncGenerator<Toolchain> {
	const { choice, minor, environment, fetching, files } = looking;
	const asked = versionOfChoice(choice);
	const wanted = asked ?? wasiSdkOf(minor);
	if (asked !== undefined) requireUsable(asked, `WASI-SDK ${asked}`, minor);
	const named = environment.WASI_SDK_PATH ? await sdkIn(environment.WASI_SDK_PATH, files) : undefined;
	if (named && (asked === undefined || named.version === undefined || named.version.major === asked)) {
		if (named.version) {
			requireUsable(named.version.major, `WASI_SDK_PATH names WASI-SDK ${named.version.text}, and it`, minor);
		}
		yield* toolchainsOf(named, looking);
		return;
	}
	if (named?.version) looking.warn(otherVersionNamed(named.folder, named.version, asked));
	const found = await sdksBelow(join(looking.root, 'opt'), files);
	let works = false;
	for (const sdk of found.filter(({ version }) => version?.major === wanted)) {
		for await (const toolchain of toolchainsOf(sdk, looking)) {
			works = true;
			yield toolchain;
		}
	}
	if (choice === 'auto') {
		for (const sdk of found.filter(({ version }) => version?.major !== wanted)) {
			if (sdk.version && judgeWasiSdk(sdk.version.major, minor).verdict === 'bad') {
				looking.refuse(`${sdk.folder} is WASI-SDK ${sdk.version.text}, which builds no CPython that works`);
			} else yield* toolchainsOf(sdk, looking);
		}
		return;
	}
	// The release is the same files once more, so it is no further candidate where one of them works.
	if (works || wanted === undefined || looking.isElsewhere) return;
	const { ensureRelease, releaseOf } = await import('./wasi-sdk-release.js');
	const release = releaseOf(wanted, asked === undefined ? undefined : fetching.own);
	const folder = await ensureRelease(release, { ...fetching, store: looking.store, warn: looking.warn });
	yield* toolchainsOf(
		{ folder, version: (await versionOfSdk(folder, files)) ?? { major: wanted, text: `${wanted}.0` } },
		looking,
	);
}

/**
 * Tells what is known against a WASI-SDK that was asked for by its version, before anything is looked for.
 * @throws CpybuildError `toolchain/bad-wasi-sdk` for one that no CPython works with.
 */
export function heedChoice(choice: ToolchainChoice, { minor, warn }: Pick<Resolving, 'minor' | 'warn'>): void {
	const asked = versionOfChoice(choice);
	if (asked === undefined) return;
	requireUsable(asked, `WASI-SDK ${asked}`, minor);
	warnOfOther(asked, `WASI-SDK ${asked}`, minor, warn);
}

/** The version of `wasi-sdk@24`. */
function versionOfChoice(choice: ToolchainChoice): number | undefined {
	const version = choice.split('@')[1];
	return version === undefined ? undefined : Number(version);
}

async function sdkIn(folder: string, places: Places): Promise<Sdk> {
	return { folder, version: await versionOfSdk(folder, places) };
}

async function sdksBelow(opt: string, places: Places): Promise<readonly Sdk[]> {
	const names = (await places.names(opt))
		.filter((name) => name.startsWith('wasi-sdk'))
		.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
	return Promise.all(names.map((name) => sdkIn(join(opt, name), places)));
}

/** What works of an SDK. That it is not the fitting one is told when it is taken, and when nobody asked for it. */
async function* toolchainsOf({ folder, version }: Sdk, looking: Looking): AsyncGenerator<Toolchain> {
	const sdk = installed(looking, {
		name: ['WASI-SDK', version?.text].join(' ').trim(),
		sysroot: join(folder, 'share/wasi-sysroot'),
		path: join(folder, 'bin'),
		suffixes: [''],
	});
	for await (const toolchain of sdk) {
		if (version && versionOfChoice(looking.choice) === undefined) {
			warnOfOther(version.major, `"${folder}" is WASI-SDK ${version.text}, which`, looking.minor, looking.warn);
		}
		yield toolchain;
	}
}

/** @throws CpybuildError `toolchain/bad-wasi-sdk`. */
function requireUsable(version: number, subject: string, minor: string): void {
	const judged = judgeWasiSdk(version, minor);
	if (judged.verdict !== 'bad') return;
	const { bug, fitting } = judged;
	fail({
		code: 'toolchain/bad-wasi-sdk',
		message: `${subject} cannot build CPython: ${bug.effect}`,
		hint:
			fitting === undefined ? 'take another version' : `take the one that fits CPython ${minor}: wasi-sdk@${fitting}`,
		details: [bug.report],
	});
}

function warnOfOther(version: number, subject: string, minor: string, warn: (warning: Diagnostic) => void): void {
	const judged = judgeWasiSdk(version, minor);
	if (judged.verdict !== 'other') return;
	warn(
		diagnostic({
			code: 'toolchain/other-wasi-sdk',
			severity: 'warning',
			message: `${subject} is not the one that CPython ${minor} is made for and tested with: that is ${judged.fitting}`,
			hint: `take wasi-sdk@${judged.fitting}; libraries that were built with it do not fit another one, since the C library (wasi-libc) keeps no ABI from one version to the next`,
		}),
	);
}

function otherVersionNamed(folder: string, { text }: SdkVersion, asked: number | undefined): Diagnostic {
	return diagnostic({
		code: 'toolchain/other-wasi-sdk',
		severity: 'warning',
		message: `WASI_SDK_PATH names "${folder}", which is WASI-SDK ${text} and not ${asked}, so it is not used`,
		hint: 'correct WASI_SDK_PATH or the toolchain',
	});
}
