/**
 * By what a later request can ask for the rest of this very version of a file: its ETag if it stands for exact bytes,
 * else the time of its last change. Nothing where the server gives neither, or sends other bytes than the file's own.
 */
export function validatorOf({ headers }: Response): string | undefined {
	const encoding = headers.get('content-encoding');
	if (encoding !== null && encoding !== 'identity') return undefined;
	const tag = headers.get('etag');
	if (tag !== null && !tag.startsWith('W/')) return tag;
	return headers.get('last-modified') ?? undefined;
}

/** Whether an answer goes on at the byte that was asked for. A server may send the whole file instead. */
export function isContinued({ status, headers }: Response, from: number): boolean {
	if (status !== 206) return false;
	const start = headers.get('content-range')?.match(/^bytes (\d+)-/)?.[1];
	return start !== undefined && Number(start) === from && from > 0;
}
