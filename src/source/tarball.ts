import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256OfLargeFile } from '../cache/key.js';
import type { Store } from '../cache/store.js';
import { touch } from '../cache/trees.js';
import type { CpythonSource } from '../cpython/choose.js';
import { type Diagnostic, diagnostic, fail } from '../diagnostics/diagnostic.js';
import type { Machine } from '../machine/machine.js';
import { downloadFromDebian } from './debian.js';
import { download, Unavailable } from './download.js';

/** What fetching needs from its surroundings. */
export interface FetchContext {
	readonly store: Store;
	readonly machine: Machine;
	readonly log: (line: string) => void;
	/** Receives what is wrong with a file that is kept. */
	readonly warn: (warning: Diagnostic) => void;
	readonly signal?: AbortSignal | undefined;
	/** Serves python.org's files in its place: its URL without a final slash. */
	readonly mirror?: string | undefined;
	/** Whether only what is kept on this machine may be used. */
	readonly offline?: boolean | undefined;
	readonly span?: Diagnostic['span'];
}

type Remote = Exclude<CpythonSource, { kind: 'path' }>;

/**
 * The path of a source tarball whose hash is right: from the cache, else from its URL, else from Debian.
 * @throws CpybuildError `toolchain/source-not-found` with what each source answered; `toolchain/source-hash-mismatch`;
 *   `toolchain/offline` when it would have to be fetched and may not.
 */
export async function fetchTarball(source: Remote, context: FetchContext): Promise<string> {
	const { url, sha256 } = source.kind === 'pinned' ? source.pin : source;
	const folder = join(context.store.root, 'downloads', sha256);
	const kept = join(folder, basename(new URL(url).pathname) || 'source');
	if (existsSync(kept) && touch(kept)) {
		if ((await sha256OfLargeFile(kept)) === sha256) return kept;
		context.warn(damagedDownload(basename(kept)));
		await rm(kept, { force: true });
	}
	if (context.offline) requireNetwork(url, sha256, context.span);
	return context.store.scratch(async (scratch) => {
		const arriving = join(scratch, 'arriving');
		await arrive(source, scratch, arriving, context);
		await mkdir(folder, { recursive: true });
		await rename(arriving, kept);
		return kept;
	});
}

function damagedDownload(name: string): Diagnostic {
	return diagnostic({
		code: 'cache/damaged',
		severity: 'warning',
		message: `the downloaded "${name}" in the cache is damaged: its content has changed`,
		hint: 'it is fetched again; if this comes back, look for what writes to the cache folder, or for a failing disk',
	});
}

function requireNetwork(url: string, sha256: string, span: Diagnostic['span']): never {
	fail({
		code: 'toolchain/offline',
		message: `the source of CPython is not on this machine, and --offline forbids fetching it`,
		...(span && { span }),
		hint: 'build once without --offline, or download the file and name it: python: { version: "…", source: { path: "…" } }',
		details: [url, `sha256 ${sha256}`],
	});
}

async function arrive(source: Remote, scratch: string, to: string, context: FetchContext): Promise<void> {
	const { url, sha256 } = source.kind === 'pinned' ? source.pin : source;
	const from = context.mirror ? url.replace('https://www.python.org', context.mirror) : url;
	const attempts: (() => Promise<void>)[] = [
		() => {
			context.log(`trying ${from}`);
			return download({ url: from, sha256, ...(context.span && { span: context.span }) }, to, context.signal);
		},
	];
	if (source.kind === 'pinned') {
		attempts.push(() => {
			context.log(`trying Debian's source package ${source.pin.debianSource}`);
			const options = { onLine: context.log, signal: context.signal };
			return downloadFromDebian(context.machine, source.pin, scratch, to, options);
		});
	}
	const answers: string[] = [];
	for (const attempt of attempts) {
		try {
			await attempt();
			return;
		} catch (error) {
			if (!(error instanceof Unavailable)) throw error;
			context.log(error.message);
			answers.push(error.message);
			// What arrived so far is another server's business.
			await rm(to, { force: true });
		}
	}
	fail({
		code: 'toolchain/source-not-found',
		message: `the source of CPython could not be fetched from ${attempts.length === 1 ? 'its place' : `any of ${attempts.length} places`}`,
		...(context.span && { span: context.span }),
		hint: 'connect to the network, or name a tarball of your own: python: { version: "…", source: { path: "Python-….tar.xz" } }',
		details: answers,
	});
}
