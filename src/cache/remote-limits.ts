/** How much patience there is with a server, and how much is taken from it. */
export interface RemoteLimits {
	/** For a connection, with TLS where it applies. */
	readonly connectMs: number;
	/** From the last byte of a request to the headers of the answer. */
	readonly answerMs: number;
	/** Between two pieces of a body, in either direction. */
	readonly idleMs: number;
	/** A body that is slower, after the first `idleMs`, is given up. */
	readonly bytesPerSecond: number;
	/** How often a request is sent before the server counts as unreachable. */
	readonly attempts: number;
	/** The pause before the second attempt; it doubles with each one more, and is shortened by chance. */
	readonly pauseMs: number;
	/** The longest pause that a server may ask for; one that wants a longer one is given up. */
	readonly retryAfterMs: number;
	/** The largest blob that is believed in. */
	readonly blobBytes: number;
}

/** A build without the remote cache takes a minute or two: waiting longer for it makes no sense. */
export const REMOTE_LIMITS: RemoteLimits = {
	connectMs: 5_000,
	answerMs: 20_000,
	idleMs: 20_000,
	bytesPerSecond: 50_000,
	attempts: 3,
	pauseMs: 250,
	retryAfterMs: 5_000,
	blobBytes: 2 ** 31,
};
