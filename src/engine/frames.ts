/** A piece of what a command in a container wrote. */
export interface Frame {
	readonly stream: 'stdout' | 'stderr';
	readonly bytes: Uint8Array;
}

const HEADER_BYTES = 8;

/**
 * Takes apart what an engine sends for a command without a terminal: pieces of both streams, each behind a header of
 * one byte for the stream, three zeros, and the size (Engine API, "Attach to a container"). A piece is given on as it
 * arrives, in parts if need be.
 */
export async function* readFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
	let header = Buffer.alloc(0);
	let stream: Frame['stream'] = 'stdout';
	let left = 0;
	for await (const chunk of chunks) {
		let at = 0;
		while (at < chunk.length) {
			if (left === 0) {
				const part = chunk.subarray(at, at + HEADER_BYTES - header.length);
				header = Buffer.concat([header, part]);
				at += part.length;
				if (header.length < HEADER_BYTES) break;
				stream = header[0] === 2 ? 'stderr' : 'stdout';
				left = header.readUInt32BE(4);
				header = Buffer.alloc(0);
			}
			const bytes = chunk.subarray(at, at + left);
			if (bytes.length > 0) yield { stream, bytes };
			at += bytes.length;
			left -= bytes.length;
		}
	}
}
