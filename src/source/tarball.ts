import { rm } from 'node:fs/promises';
import type { CpythonSource } from '../cpython/choose.js';
import { type Diagnostic, fail } from '../diagnostics/diagnostic.js';
import type { Machine } from '../machine/machine.js';
import { downloadFromDebian } from './debian.js';
import { download, Unavailable } from './download.js';
import { type Keeping, keepDownload } from './kept.js';

/** What fetching needs from its surroundings. */
export interface FetchContext extends Keeping {
	readonly machine: Machine;
	readonly log: (line: string) => void;
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
	const file = source.kind === 'pinned' ? source.pin : source;
	return keepDownload(file, context, (scratch, to) => {
		if (context.offline) requireNetwork(file.url, file.sha256, context.span);
		return arrive(source, scratch, to, context);
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
			const { signal, log, span } = context;
			return download({ url: from, sha256, ...(span && { span }) }, to, { signal, log });
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
