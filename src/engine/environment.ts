import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the search for an engine sees of the machine. */
export interface EndpointFiles {
	/** The user's home folder. */
	readonly home: string;
	/** The text of a file, `undefined` when there is none. @throws NodeJS.ErrnoException when it cannot be read. */
	read(path: string): string | undefined;
	exists(path: string): boolean;
}

/** The files of this machine. */
export function machineFiles(): EndpointFiles {
	return {
		home: homedir(),
		read: (path) => {
			try {
				return readFileSync(path, 'utf8');
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
				throw error;
			}
		},
		exists: existsSync,
	};
}
