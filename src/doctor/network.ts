import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cpython } from '../cpython/choose.js';
import { CPYTHON_PINS } from '../cpython/pins.js';
import type { Machine } from '../machine/machine.js';
import type { SettledOptions } from '../settle.js';
import { RELEASE_HOST } from '../toolchain/wasi-sdk-pins.js';
import type { Finding } from './finding.js';
import { variablesOfNpm } from './npm.js';
import { sourceOf, type Work } from './work.js';

/** A server, and what it answered. */
export interface Server {
	/** As messages call it. */
	readonly name: string;
	/** Why nothing can be had from it; undefined when all is well. */
	readonly failure: string | undefined;
}

/** Which servers can be reached; those that this machine would not ask are undefined. */
export interface NetworkFacts {
	/** Where CPython's source is published, or its mirror. */
	readonly source?: Server;
	readonly debian?: Server;
	readonly npm?: Server;
	/** Where the WASI-SDK that a build would fetch is published, or its mirror. */
	readonly sdk?: Server;
}

/** What decides whether a server matters. */
export interface NetworkContext {
	readonly work: Work;
	readonly offline: boolean;
	/** The version of CPython that is built, or would be. */
	readonly python: string;
	/** Whether the embedded toolchain would have to be installed. */
	readonly wantsPackage: boolean;
}

/** How long a server may take to answer. */
const PATIENCE_MS = 5000;

/** Asks the servers that a build may need for an answer, all at once. */
export async function askNetwork(
	options: SettledOptions,
	cpython: Cpython | undefined,
	machine: Machine,
	signal: AbortSignal,
): Promise<NetworkFacts> {
	if (options.offline) return {};
	const source = sourceUrl(options, cpython);
	// Debian has the releases that are pinned, not those that a manifest gives itself.
	const isPinned = cpython === undefined || cpython.source.kind === 'pinned';
	const [published, debian, npm] = await Promise.all([
		source === undefined ? undefined : ask(new URL(source).host, source, signal),
		isPinned ? askDebian(machine, signal) : undefined,
		askNpm(options, machine, signal),
	]);
	return { ...(published && { source: published }), ...(debian && { debian }), ...(npm && { npm }) };
}

/** Where a build would fetch the source; undefined when it is a path. */
function sourceUrl({ mirror }: SettledOptions, cpython: Cpython | undefined): string | undefined {
	if (cpython?.source.kind === 'path') return undefined;
	const url = cpython ? sourceOf(cpython.source).url : CPYTHON_PINS[0]?.url;
	return mirror === undefined ? url : url?.replace('https://www.python.org', mirror);
}

/** Asks for the WASI-SDK that a build would fetch. */
export function askForRelease(mirror: string | undefined, url: string, signal: AbortSignal): Promise<Server> {
	const from = mirror === undefined ? url : url.replace(RELEASE_HOST, mirror);
	return ask(new URL(from).host, from, signal);
}

async function ask(name: string, url: string, signal: AbortSignal): Promise<Server> {
	try {
		const ending = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
		// Where it leads to may be an address that is signed for a download.
		const { status } = await fetch(url, { method: 'HEAD', signal: ending, redirect: 'manual' });
		return { name, failure: status < 400 ? undefined : `HTTP ${status}` };
	} catch (error) {
		return { name, failure: reasonOf(error) };
	}
}

function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	if (error.name === 'TimeoutError') return `no answer within ${PATIENCE_MS / 1000} s`;
	return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Asks apt's first mirror through apt itself, which knows about proxies. */
async function askDebian(machine: Machine, signal: AbortSignal): Promise<Server | undefined> {
	const env = { LC_ALL: 'C' };
	const run = (...argv: [string, ...string[]]) =>
		machine.run({ argv, cwd: '/', env }, { signal }).catch(() => ({ exitCode: 1, stdout: '', output: '' }));
	const targets = await run('apt-get', 'indextargets', '--format', '$(CREATED_BY) $(REPO_URI) $(RELEASE) $(COMPONENT)');
	const mirror = firstMirror(targets.stdout);
	if (!mirror) return undefined;
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-doctor-'));
	try {
		const limits = ['Acquire::Retries=0', ...['http', 'https'].map((one) => `Acquire::${one}::Timeout=5`)];
		const asking = await run(
			'/usr/lib/apt/apt-helper',
			...limits.flatMap((limit) => ['-o', limit]),
			'download-file',
			`${mirror.uri}dists/${mirror.suite}/InRelease`,
			join(folder, 'InRelease'),
		);
		const reason = asking.output.trim().split('\n').at(-1) || 'no answer';
		return { name: new URL(mirror.uri).host, failure: asking.exitCode === 0 ? undefined : reason };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** The first mirror in what `apt-get indextargets` lists, with a slash at its end, and a suite that it has. */
export function firstMirror(targets: string): { readonly uri: string; readonly suite: string } | undefined {
	for (const target of targets.split('\n')) {
		const [createdBy, uri, suite, component] = target.split(' ');
		if (createdBy !== 'Packages' || component !== 'main' || !uri || !suite || !URL.canParse(uri)) continue;
		return { uri: uri.replace(/\/*$/, '/'), suite };
	}
	return undefined;
}

async function askNpm(
	{ environment }: SettledOptions,
	machine: Machine,
	signal: AbortSignal,
): Promise<Server | undefined> {
	const argv = ['npm', 'config', 'get', 'registry'] as const;
	const env = variablesOfNpm(environment);
	const answer = await machine.run({ argv, cwd: process.cwd(), env }, { signal }).catch(() => undefined);
	const url = answer?.stdout.trim() ?? '';
	return URL.canParse(url) ? ask(new URL(url).host, url, signal) : undefined;
}

/** Whether what a build has to fetch can be fetched. A server that it does not need is only noted. */
export function judgeNetwork(facts: NetworkFacts, context: NetworkContext): readonly Finding[] {
	const { offline, work, python } = context;
	if (offline && !work.fetches) {
		return [{ id: 'network.source', state: 'ok', found: 'not asked, and not needed' }];
	}
	if (offline) {
		return [
			{
				id: 'network.source',
				state: 'error',
				found: `the source of CPython ${python} is not on this machine`,
				means: '--offline forbids fetching it; build once without',
			},
		];
	}
	return [
		...judgeSource(facts, context),
		...judgeDebian(facts),
		...judgeNpm(facts, context),
		...judgeSdk(facts, context),
	];
}

function judgeSource({ source, debian }: NetworkFacts, { work, python }: NetworkContext): readonly Finding[] {
	const id = 'network.source';
	if (!source) return [];
	const { name, failure } = source;
	if (failure === undefined) return [{ id, state: 'ok', found: `${name} answers` }];
	const details = [`${name}: ${failure}`];
	if (!work.fetches) {
		const means = 'this build does not need it: the source of CPython, or what is made of it, is here';
		return [{ id, state: 'note', found: `${name} cannot be reached`, means, details }];
	}
	if (debian && debian.failure === undefined) {
		const means = `the source of CPython ${python} is looked for at ${debian.name} instead`;
		return [{ id, state: 'note', found: `${name} cannot be reached`, means, details }];
	}
	return [
		{
			id,
			state: 'error',
			found: `the source of CPython ${python} cannot be fetched`,
			means: 'connect to the network, set CPYBUILD_CPYTHON_MIRROR, or name a tarball of your own in the manifest',
			details: [...details, ...(debian ? [`${debian.name}: ${debian.failure}`] : [])],
		},
	];
}

function judgeDebian({ debian }: NetworkFacts): readonly Finding[] {
	const id = 'network.debian';
	if (!debian) return [];
	const { name, failure } = debian;
	if (failure === undefined) return [{ id, state: 'ok', found: `${name} answers` }];
	const means = 'apt installs nothing, and has no source of CPython to give';
	return [{ id, state: 'note', found: `${name} cannot be reached`, means, details: [`${name}: ${failure}`] }];
}

function judgeNpm({ npm }: NetworkFacts, { wantsPackage }: NetworkContext): readonly Finding[] {
	const id = 'network.npm';
	if (!npm) return [];
	const { name, failure } = npm;
	if (failure === undefined) return [{ id, state: 'ok', found: `${name} answers` }];
	const means = wantsPackage
		? 'the embedded toolchain cannot be installed from it'
		: 'builds do not need it: the embedded toolchain is installed, or not wanted';
	const state = wantsPackage ? 'warning' : 'note';
	return [{ id, state, found: `${name} cannot be reached`, means, details: [`${name}: ${failure}`] }];
}

function judgeSdk({ sdk }: NetworkFacts, { work }: NetworkContext): readonly Finding[] {
	const id = 'network.wasi-sdk';
	if (!sdk) return [];
	const { name, failure } = sdk;
	if (failure === undefined) return [{ id, state: 'ok', found: `${name} answers` }];
	return [
		{
			id,
			state: work.needsToolchain ? 'error' : 'warning',
			found: 'the WASI-SDK cannot be fetched',
			means: 'connect to the network, set CPYBUILD_WASI_SDK_MIRROR, or set WASI_SDK_PATH to the folder of one',
			details: [`${name}: ${failure}`],
		},
	];
}
