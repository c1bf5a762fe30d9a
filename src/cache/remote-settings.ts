/** Where the remote cache is and what this build may do there. */
export interface RemoteSettings {
	/** Its root without user info, with a `/` at its end: entries are below `ac/`, blobs below `cas/`. */
	readonly url: string;
	readonly mode: RemoteMode;
	/** The value of the `Authorization` header. */
	readonly authorization: string | undefined;
}

/** Whether new entries are sent to the remote cache, or only read there. */
export type RemoteMode = 'read' | 'read-write';
