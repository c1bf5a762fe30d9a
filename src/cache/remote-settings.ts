import { fail } from '../diagnostics/diagnostic.js';

/** Where the remote cache is and what this build may do there. */
export interface RemoteSettings {
	/** Its root: entries are below `ac/`, blobs below `cas/`. Without user info, query and fragment; ends in `/`. */
	readonly url: string;
	readonly mode: RemoteMode;
	/** The value of the `Authorization` header. */
	readonly authorization: string | undefined;
}

/** Whether new entries are sent to the remote cache, or only read there. */
export type RemoteMode = 'read' | 'read-write';

/** What a caller says about the remote cache; it goes before the environment. An empty URL switches it off. */
export interface RemoteOptions {
	readonly remoteCache?: string;
	readonly remoteCacheMode?: RemoteMode;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads where the remote cache is, if there is one. The manifest has no say: it could send a user's credentials to a
 * server of its choice. Empty variables count as missing, since CI systems set those of secrets that a job may not see.
 */
export function readRemoteSettings(options: RemoteOptions, environment: Environment): RemoteSettings | undefined {
	const url = (options.remoteCache ?? environment.CPYBUILD_REMOTE_CACHE ?? '').trim();
	if (url === '') return undefined;
	return {
		url: readUrl(url),
		mode: options.remoteCacheMode ?? readMode(environment.CPYBUILD_REMOTE_CACHE_MODE),
		authorization: readAuthorization(environment),
	};
}

/** No message repeats what may hold a password. */
function readUrl(text: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url && url.username + url.password !== '') {
		return fail({
			code: 'usage/bad-value',
			message: 'the URL of the remote cache must not hold a user or a password',
			hint: 'set CPYBUILD_REMOTE_CACHE_USER and CPYBUILD_REMOTE_CACHE_PASSWORD, or CPYBUILD_REMOTE_CACHE_TOKEN',
		});
	}
	if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
		return fail({
			code: 'usage/bad-value',
			message: `the remote cache needs an http or https URL${text.includes('@') ? '' : `, got "${text}"`}`,
			hint: 'for example https://cache.example.com/cpybuild',
		});
	}
	if (url.search + url.hash !== '') {
		return fail({
			code: 'usage/bad-value',
			message: 'the URL of the remote cache must end with its path: a "?" or "#" means nothing there',
			hint: 'entries are looked for below it, at ac/ and cas/',
		});
	}
	return `${url.origin}${url.pathname.replace(/\/*$/, '')}/`;
}

function readMode(text: string | undefined): RemoteMode {
	if (text === undefined || text === '') return 'read';
	if (text === 'read' || text === 'read-write') return text;
	return fail({
		code: 'usage/bad-value',
		message: `CPYBUILD_REMOTE_CACHE_MODE is "read" or "read-write", got "${text}"`,
	});
}

/** Bearer or basic authentication; see RFC 6750 and RFC 7617 for what may stand there. */
function readAuthorization(environment: Environment): string | undefined {
	const token = environment.CPYBUILD_REMOTE_CACHE_TOKEN?.trim() ?? '';
	const user = environment.CPYBUILD_REMOTE_CACHE_USER ?? '';
	const password = environment.CPYBUILD_REMOTE_CACHE_PASSWORD ?? '';
	if (token !== '' && (user !== '' || password !== '')) {
		return fail({
			code: 'usage/bad-value',
			message: 'CPYBUILD_REMOTE_CACHE_TOKEN and CPYBUILD_REMOTE_CACHE_USER cannot both be set',
			hint: 'keep the token for bearer authentication, or user and password for basic authentication',
		});
	}
	if (token !== '') {
		if (/^[\x21-\x7e]+$/.test(token)) return `Bearer ${token}`;
		return fail({
			code: 'usage/bad-value',
			message: 'CPYBUILD_REMOTE_CACHE_TOKEN holds a character that no token has',
			hint: 'only visible ASCII characters can be sent',
		});
	}
	if (user === '' && password === '') return undefined;
	if (user === '') {
		return fail({
			code: 'usage/bad-value',
			message: 'CPYBUILD_REMOTE_CACHE_PASSWORD is set without CPYBUILD_REMOTE_CACHE_USER',
		});
	}
	if (user.includes(':')) {
		return fail({
			code: 'usage/bad-value',
			message: 'CPYBUILD_REMOTE_CACHE_USER cannot hold ":"',
			hint: 'the password belongs into CPYBUILD_REMOTE_CACHE_PASSWORD',
		});
	}
	return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
