import { StringDecoder } from 'node:string_decoder';

/** What engines tell while they pull and build; all of it may be missing. */
export interface EngineEvent {
	/** Output of a build. */
	readonly stream?: string;
	readonly status?: string;
	/** The layer that `status` is about. */
	readonly id?: string;
	readonly progressDetail?: { readonly current?: number; readonly total?: number };
	/** What ended the work. */
	readonly error?: string;
	readonly errorDetail?: { readonly message?: string };
}

/** Reads what an engine tells, a line of JSON for each event. */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<EngineEvent> {
	const decoder = new StringDecoder('utf8');
	let rest = '';
	for await (const chunk of chunks) {
		const lines = (rest + decoder.write(Buffer.from(chunk))).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) if (line.trim() !== '') yield JSON.parse(line);
	}
	if (rest.trim() !== '') yield JSON.parse(rest);
}

/** The words of an event that ends the work. */
export function errorOf({ error, errorDetail }: EngineEvent): string | undefined {
	return errorDetail?.message ?? error;
}
