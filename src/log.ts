import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The log file of a step. */
export interface Log {
	readonly path: string;
	write(line: string): void;
	close(): void;
}

/** Begins the log of a step anew. */
export function openLog(folder: string, id: string): Log {
	const path = join(folder, `${id.replaceAll(':', '-')}.log`);
	const file = openSync(path, 'w');
	return { path, write: (line) => writeSync(file, `${line}\n`), close: () => closeSync(file) };
}
