import { type Container, saysEnded } from './containers.js';
import type { Engine } from './engine.js';
import { ask, refusalOf } from './failure.js';

/** What is at a path in a container, links not followed. */
export interface PathFacts {
	readonly isFolder: boolean;
	/** The permissions. */
	readonly mode: number;
}

/** Go's bit for folders in the mode of a file. */
const GO_FOLDER = 2 ** 31;

/** Looks at a path in a container; `undefined` when nothing is there. */
export async function lookAt(
	{ engine, id }: Container,
	path: string,
	signal?: AbortSignal,
): Promise<PathFacts | undefined> {
	return ask(engine.endpoint, signal, async () => {
		try {
			const { headers } = await engine.api.getContainer(id).infoArchive({ path });
			const facts = String(headers['x-docker-container-path-stat'] ?? '');
			const { mode }: { readonly mode: number } = JSON.parse(Buffer.from(facts, 'base64').toString());
			return { isFolder: Math.floor(mode / GO_FOLDER) % 2 === 1, mode: mode % 0o1000 };
		} catch (error) {
			if (refusalOf(error)?.status === 404) return undefined;
			throw error;
		}
	});
}

/** Whether a container still runs; one that is gone does not. */
export async function isRunning({ engine, id }: Container): Promise<boolean> {
	return ask(engine.endpoint, undefined, async () => {
		try {
			return (await engine.api.getContainer(id).inspect()).State.Running;
		} catch (error) {
			if (saysEnded(error)) return false;
			throw error;
		}
	});
}

/** By how many milliseconds the clock of an engine's machine is ahead of this one's; 0 unless it surely differs. */
export async function clockAhead(engine: Engine, signal?: AbortSignal): Promise<number> {
	const asked = Date.now();
	const { SystemTime } = await ask(engine.endpoint, signal, () => engine.api.info());
	const answered = Date.now();
	const there = Date.parse(SystemTime);
	if (Number.isNaN(there) || (asked <= there + 1 && there <= answered)) return 0;
	// Rather a little late than early: what is sent has to be newer than what was made before.
	return there - asked;
}

/** The search path that commands of an image get. */
export async function searchPath(engine: Engine, image: string, signal?: AbortSignal): Promise<string> {
	const { Config } = await ask(engine.endpoint, signal, () => engine.api.getImage(image).inspect());
	const variable = (Config?.Env ?? []).find((one) => one.startsWith('PATH='));
	return variable?.slice('PATH='.length) || '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
}
