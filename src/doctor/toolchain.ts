import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ToolchainChoice } from '../manifest/manifest.js';
import { compareIdentities, describeChange, isPortable, isSameIdentity } from '../toolchain/identity.js';
import type { Survey } from '../toolchain/resolve.js';
import type { ToolchainRecord } from '../toolchain/toolchain.js';
import type { Finding } from './finding.js';
import { type EmbeddedFacts, npmInstall } from './npm.js';
import { type Installer, installCommand } from './packages.js';
import { shellCommand } from './shell-word.js';
import type { Work } from './work.js';

/** What a machine has of toolchains. */
export interface ToolchainFacts extends Survey {
	readonly choice: ToolchainChoice;
	readonly compiler: 'auto' | 'native' | 'wasm';
	/** What a build would warn of when it looks for its toolchain. */
	readonly warnings: readonly Diagnostic[];
	readonly embedded: EmbeddedFacts;
	/** The clangs of this machine, newest first. */
	readonly clangs: readonly ClangFacts[];
	/** The WASI-SDK that is not on this machine, and that a build would fetch. */
	readonly release?: ReleaseFacts;
}

/** An archive of a WASI-SDK. */
export interface ReleaseFacts {
	readonly version: number;
	readonly url: string;
	/** Whether the cache has the archive. */
	readonly isKept: boolean;
	/** Whether it may be fetched. */
	readonly isAllowed: boolean;
}

/** A clang of this machine, and what is missing beside it. */
export interface ClangFacts {
	readonly name: string;
	readonly lacks: readonly string[];
}

/** What judging a machine's toolchains needs to know besides them. */
export interface ToolchainContext {
	/** What the lock records. */
	readonly recorded: ToolchainRecord | undefined;
	/** The lock file as messages call it. */
	readonly lockName: string;
	readonly work: Work;
	readonly installer: Installer;
	/** The command that locks anew. */
	readonly upgrade: string;
}

/** Which toolchain a build takes, and what is wrong with that. */
export function judgeToolchains(facts: ToolchainFacts, context: ToolchainContext): readonly Finding[] {
	const { works, warnings } = facts;
	const { recorded } = context;
	const taken = takenOf(facts, recorded);
	const lock = recorded && !taken && works.length > 0 ? [judgeLocked(recorded, works, context)] : [];
	return [
		...lock,
		...(facts.failure.length > 0 ? judgeFailure(facts, context) : [judgeChoice(facts, taken, context)]),
		...judgeEmbedded(facts),
		...warnings.filter(({ code }) => code !== 'toolchain/slow-compiler').map(sdkFinding),
	];
}

/** What a build fails with when it looks for its toolchain: all of it has to do with WASI-SDKs. */
function judgeFailure({ failure, release }: ToolchainFacts, { work }: ToolchainContext): readonly Finding[] {
	if (release?.isKept || release?.isAllowed) {
		const found = `WASI-SDK ${release.version} is not on this machine`;
		const means = release.isKept
			? 'the next build unpacks it from the cache'
			: 'the next build that compiles fetches it';
		return [{ id: 'toolchain.choice', state: 'note', found, means }];
	}
	return failure.map((one) => {
		const finding = sdkFinding(one);
		return { ...finding, id: 'toolchain.choice', state: work.needsToolchain ? 'error' : 'warning' };
	});
}

/** The toolchain that a build takes: the one that the lock records, else the first that works. */
export function takenOf({ works }: Survey, recorded: ToolchainRecord | undefined): ToolchainRecord | undefined {
	return recorded ? works.find(({ identity }) => isSameIdentity(identity, recorded.identity)) : works[0];
}

function judgeLocked(
	recorded: ToolchainRecord,
	works: readonly ToolchainRecord[],
	{ lockName, work, upgrade }: ToolchainContext,
): Finding {
	const [nearest] = works
		.map(({ identity }) => compareIdentities(recorded.identity, identity))
		.sort((a, b) => a.length - b.length);
	return {
		id: 'lock.toolchain',
		state: work.compiles ? 'error' : 'warning',
		found: `${lockName} records "${recorded.name}", and this machine has another one`,
		means: work.compiles
			? 'a build compiles with the recorded toolchain only; the command below accepts the one that is here'
			: 'this build works, since all that it needs is in the cache; one that compiles does not',
		repair: upgrade,
		details: (nearest ?? []).map(describeChange),
	};
}

function judgeChoice(
	facts: ToolchainFacts,
	taken: ToolchainRecord | undefined,
	{ work, installer }: ToolchainContext,
): Finding {
	const id = 'toolchain.choice';
	const { works, choice, compiler, clangs } = facts;
	const refused = facts.refused.length > 0 ? { details: facts.refused } : {};
	const [first] = works;
	if (!first) {
		const repair = remedy(facts, installer);
		return {
			id,
			state: work.needsToolchain ? 'error' : 'warning',
			found: choice === 'auto' ? 'no toolchain for WASI was found' : `the toolchain "${choice}" was not found`,
			means: work.needsToolchain
				? 'nothing can be compiled'
				: 'this build works, since all that it needs is in the cache; one that compiles does not',
			...(repair !== undefined && { repair }),
			...refused,
			...(isEmbeddedMissing(facts) && { fix: 'install-embedded' }),
		};
	}
	const { name, identity } = taken ?? first;
	if (!isPortable(identity) || compiler === 'wasm') return { id, state: 'ok', found: name, ...refused };
	const repair = installCommand('clang', installer);
	return {
		id,
		state: 'warning',
		found: name,
		means: `it is some five times slower than a clang of the machine, from 19 on; ${describeClangs(clangs)}`,
		...(repair !== undefined && { repair }),
		...refused,
	};
}

function describeClangs(clangs: readonly ClangFacts[]): string {
	if (clangs.length === 0) return 'there is none on the PATH';
	return clangs
		.map(({ name, lacks }) => {
			const quoted = lacks.map((one) => `"${one}"`).join(', ');
			return lacks.length === 0
				? `"${name}" does not work with the embedded sysroot`
				: `beside "${name}" there is no ${quoted}`;
		})
		.join('; ');
}

/** What makes the wanted toolchain work, if one command does. */
function remedy(facts: ToolchainFacts, installer: Installer): string | undefined {
	const { choice, compiler, embedded } = facts;
	if (choice === 'debian') return installCommand('debian', installer);
	if (choice !== 'auto' && choice !== 'embedded') return undefined;
	if (embedded.version === undefined) return shellCommand(npmInstall(embedded));
	return compiler === 'native' ? installCommand('clang', installer) : undefined;
}

function isEmbeddedMissing({ choice, embedded }: ToolchainFacts): boolean {
	return (choice === 'auto' || choice === 'embedded') && embedded.version === undefined && embedded.isProject;
}

/** That the embedded toolchain is missing says `toolchain.choice` already where nothing else is there. */
function judgeEmbedded({ choice, embedded, works }: ToolchainFacts): readonly Finding[] {
	const id = 'toolchain.embedded';
	const { package: name, version, wanted, isProject } = embedded;
	if (version !== undefined) {
		if (version === wanted) return [{ id, state: 'ok', found: `${name} ${version}` }];
		return [
			{
				id,
				state: 'note',
				found: `${name} ${version}`,
				means: `this cpybuild is tested with ${wanted}; another sysroot gives other bytes`,
				repair: shellCommand(npmInstall(embedded)),
			},
		];
	}
	if (works.length === 0 || choice !== 'auto') return [];
	return [
		{
			id,
			state: 'note',
			found: `${name} is not installed`,
			means: 'it is the toolchain that needs nothing of the machine; here another one is taken',
			repair: shellCommand(npmInstall(embedded)),
			...(isProject && { fix: 'install-embedded' }),
		},
	];
}

/** Something about WASI-SDKs, in the words in which a build tells it. */
function sdkFinding({ code, message, hint, details }: Diagnostic): Finding {
	const isBroken = code === 'toolchain/not-found';
	return {
		id: 'toolchain.wasi-sdk',
		state: 'warning',
		found: message,
		...(hint !== undefined && { means: hint }),
		...(isBroken && { repair: 'unset WASI_SDK_PATH' }),
		...(details && { details }),
	};
}
