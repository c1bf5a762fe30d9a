import { CpybuildError, type Diagnostic, diagnostic, fail } from '../diagnostics/diagnostic.js';
import type { ToolchainChoice } from '../manifest/manifest.js';
import { EMBEDDED_PACKAGE, embeddedToolchains, presumeEmbedded } from './embedded.js';
import { compareIdentities, describeChange, isSameIdentity } from './identity.js';
import { debianToolchains, type Looking } from './installed.js';
import { ownFiles } from './machine-files.js';
import { presumeWhileFinding } from './presumed.js';
import type { Resolving } from './resolving.js';
import type { Toolchain, ToolchainRecord } from './toolchain.js';
import { heedChoice, wasiSdkToolchains } from './wasi-sdk.js';

type Kind = 'embedded' | 'wasi-sdk' | 'debian';

/** Each gives the toolchains of its kind that work on this machine, most wanted first. */
const FINDERS: Readonly<Record<Kind, (looking: Looking) => AsyncIterable<Toolchain>>> = {
	embedded: embeddedToolchains,
	'wasi-sdk': wasiSdkToolchains,
	debian: debianToolchains,
};

/** How to get each toolchain. */
const REMEDIES: Readonly<Record<Kind, string>> = {
	embedded: `npm install ${EMBEDDED_PACKAGE} (an optional dependency of cpybuild); with --compiler native also clang and lld 19 or newer`,
	'wasi-sdk':
		'let cpybuild fetch one (--toolchain wasi-sdk, without WASI_SDK_PATH), or set WASI_SDK_PATH to the folder of one',
	debian:
		'apt-get install clang lld llvm libclang-rt-dev-wasm32 wasi-libc (Debian 13 or newer; older ones have a wasi-libc that CPython 3.13 refuses)',
};

/**
 * Finds the toolchain that the manifest or the command line asks for: the first that works. `auto` takes a WASI-SDK
 * that `WASI_SDK_PATH` names, else the embedded one, else any that is installed.
 * @param root Where systems install software.
 * @throws CpybuildError `toolchain/not-found`, with what is wrong with the places that were looked at.
 */
export async function resolveToolchain(choice: ToolchainChoice, resolving: Resolving, root = '/'): Promise<Toolchain> {
	heedChoice(choice, resolving);
	const named = resolving.environment.WASI_SDK_PATH;
	const refused: string[] = [];
	for (const kind of kindsOf(choice, named)) {
		for await (const toolchain of candidates(kind, { ...resolving, choice }, root, refused)) return toolchain;
		if (kind === 'wasi-sdk' && named && choice === 'auto') resolving.warn(brokenSdk(named, refused));
	}
	return failNotFound(choice, named, refused);
}

/**
 * Finds the toolchain that `cpybuild.lock` records, among all that the choice allows.
 * @throws CpybuildError `toolchain/not-locked` with what is different in those that are here; `toolchain/not-found`
 *   when there is none at all.
 */
export async function findLocked(
	locked: ToolchainRecord,
	choice: ToolchainChoice,
	resolving: Resolving,
	root = '/',
): Promise<Toolchain> {
	// What is wrong with other candidates is nothing to warn about, as long as the recorded one is there.
	const quietly = { ...resolving, warn: () => {} };
	const named = resolving.environment.WASI_SDK_PATH;
	const refused: string[] = [];
	const others: Toolchain[] = [];
	for (const kind of kindsOf(choice, named)) {
		for await (const toolchain of candidates(kind, { ...quietly, choice }, root, refused)) {
			if (isSameIdentity(toolchain.identity, locked.identity)) return toolchain;
			await toolchain.close();
			others.push(toolchain);
		}
	}
	if (others.length === 0) return failNotFound(choice, named, refused);
	return failNotLocked(locked, others);
}

/** Opens the toolchain that `cpybuild.lock` records; where it can be presumed, `findLocked` looks while its first tools run. */
export async function openLocked(
	locked: ToolchainRecord,
	choice: ToolchainChoice,
	resolving: Resolving,
): Promise<Toolchain> {
	const find = () => findLocked(locked, choice, resolving);
	const [first] = kindsOf(choice, resolving.environment.WASI_SDK_PATH);
	if (first !== 'embedded') return find();
	const presumption = await presumeEmbedded(lookingFor(first, { ...resolving, choice }, '/', []), locked);
	return presumption ? presumeWhileFinding(presumption, find) : find();
}

/** What a machine has of the toolchains that a choice allows. */
export interface Survey {
	/** All that work, the one that a build takes first. */
	readonly works: readonly ToolchainRecord[];
	/** What is wrong with the others. */
	readonly refused: readonly string[];
	/** What a build fails with before it finds one. */
	readonly failure: readonly Diagnostic[];
}

/** Looks at all toolchains that a choice allows, also those behind the one that a build takes; warns as the build would. */
export async function surveyToolchains(choice: ToolchainChoice, resolving: Resolving, root = '/'): Promise<Survey> {
	const named = resolving.environment.WASI_SDK_PATH;
	const works: ToolchainRecord[] = [];
	const refused: string[] = [];
	const warn = (warning: Diagnostic) => {
		if (works.length === 0) resolving.warn(warning);
	};
	try {
		heedChoice(choice, { ...resolving, warn });
		for (const kind of kindsOf(choice, named)) {
			for await (const toolchain of candidates(kind, { ...resolving, warn, choice }, root, refused)) {
				await toolchain.close();
				works.push({ name: toolchain.name, identity: toolchain.identity });
			}
			if (kind === 'wasi-sdk' && named && choice === 'auto' && works.length === 0) warn(brokenSdk(named, refused));
		}
		return { works, refused, failure: [] };
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		// A build that has found one looks no further.
		return { works, refused, failure: works.length === 0 ? error.diagnostics : [] };
	}
}

/** The toolchain that is nearest to the recorded one is mostly the one that was updated since: only its parts are shown. */
export function failNotLocked(
	locked: ToolchainRecord,
	others: readonly ToolchainRecord[],
	place = 'this machine',
): never {
	const [nearest, ...rest] = others
		.map(({ name, identity }) => ({ name, changes: compareIdentities(locked.identity, identity) }))
		.sort((a, b) => a.changes.length - b.changes.length);
	fail({
		code: 'toolchain/not-locked',
		message: `cpybuild.lock records the toolchain "${locked.name}", and ${place} has another one`,
		hint: 'install what is recorded; or accept what is here, for all who build on this platform: "cpybuild upgrade"',
		details: [
			`"${nearest?.name}" differs, recorded → here:`,
			...(nearest?.changes ?? []).map((change) => `  ${describeChange(change)}`),
			...rest.map(({ name }) => `also here: "${name}"`),
		],
	});
}

function kindsOf(choice: ToolchainChoice, namedSdk: string | undefined): readonly Kind[] {
	if (choice !== 'auto') return [choice === 'embedded' || choice === 'debian' ? choice : 'wasi-sdk'];
	return namedSdk ? ['wasi-sdk', 'embedded', 'debian'] : ['embedded', 'wasi-sdk', 'debian'];
}

function candidates(
	kind: Kind,
	resolving: Resolving & Pick<Looking, 'choice'>,
	root: string,
	refused: string[],
): AsyncIterable<Toolchain> {
	return FINDERS[kind](lookingFor(kind, resolving, root, refused));
}

function lookingFor(
	kind: Kind,
	resolving: Resolving & Pick<Looking, 'choice'>,
	root: string,
	refused: string[],
): Looking {
	const files = ownFiles(resolving.machine, resolving.memo);
	const refuse = (reason: string) => void refused.push(`${kind}: ${reason}`);
	return { ...resolving, files, isElsewhere: false, root, refuse };
}

function failNotFound(choice: ToolchainChoice, namedSdk: string | undefined, refused: readonly string[]): never {
	fail({
		code: 'toolchain/not-found',
		message: choice === 'auto' ? 'no toolchain for WASI was found' : `the toolchain "${choice}" was not found`,
		hint: kindsOf(choice, namedSdk)
			.map((kind) => `${kind}: ${REMEDIES[kind]}`)
			.join('; '),
		details: refused,
	});
}

/** Who names a WASI-SDK and gets another toolchain has to know. */
function brokenSdk(named: string, refused: readonly string[]): Diagnostic {
	return diagnostic({
		code: 'toolchain/not-found',
		severity: 'warning',
		message: `WASI_SDK_PATH names "${named}", which is no WASI-SDK that works; another toolchain is taken`,
		hint: 'correct WASI_SDK_PATH, or unset it',
		details: [...refused],
	});
}
