import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.js';
import type { RemoteSettings } from './remote-settings.js';

/** Tells what is wrong with a remote cache, each kind of problem once. Nothing of it shows credentials. */
export interface RemoteWarnings {
	unreachable(reason: string): void;
	/** The server answered `status` to a wish to read or write. */
	refused(wish: 'read' | 'write', status: number): void;
	/** What the server sent at `path` is something else. */
	damaged(path: string, remark: string): void;
}

/** Begins to tell about one remote cache. */
export function openWarnings(settings: RemoteSettings, warn: (warning: Diagnostic) => void): RemoteWarnings {
	const told = new Set<string>();
	const tell = (warning: Diagnostic) => {
		if (told.has(warning.code)) return;
		told.add(warning.code);
		warn(warning);
	};
	const server = `the remote cache "${settings.url}"`;
	return {
		unreachable: (reason) =>
			tell(
				diagnostic({
					code: 'cache/remote-unreachable',
					severity: 'warning',
					message: `${server} cannot be reached`,
					details: [reason],
					hint: 'the build goes on without it; check the URL and the server',
				}),
			),
		refused: (wish, status) =>
			tell(
				diagnostic({
					code: 'cache/remote-refused',
					severity: 'warning',
					message: `${server} ${wish === 'read' ? 'gives no entries' : 'takes no entries'} (HTTP ${status})`,
					hint: hintFor(wish, status, settings.authorization !== undefined),
				}),
			),
		damaged: (path, remark) =>
			tell(
				diagnostic({
					code: 'cache/remote-damaged',
					severity: 'warning',
					message: `${server} sent something else than it was asked for`,
					details: [`${path}: ${remark}`],
					hint: 'nothing of it was used; a build that may write sends the right bytes again',
				}),
			),
	};
}

function hintFor(wish: 'read' | 'write', status: number, hasCredentials: boolean): string {
	if (status !== 401 && status !== 403) return 'check that the URL is the root of a Bazel HTTP cache';
	if (!hasCredentials) {
		return 'set CPYBUILD_REMOTE_CACHE_TOKEN, or CPYBUILD_REMOTE_CACHE_USER and CPYBUILD_REMOTE_CACHE_PASSWORD';
	}
	if (wish === 'write') return 'who may only read sets CPYBUILD_REMOTE_CACHE_MODE to "read"';
	return 'check the credentials in the environment variables CPYBUILD_REMOTE_CACHE_…';
}
