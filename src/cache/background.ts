import { setTimeout } from 'node:timers/promises';
import pLimit from 'p-limit';

/** Work that nobody waits for until the end. */
export interface Background {
	/** Starts a task once a place is free; a task that is already under way by this name is not started again. */
	start(name: string, task: () => Promise<void>, failed: (error: unknown) => void): void;
	/** Waits until nothing is left to do. */
	done(): Promise<void>;
}

/** What a build does next comes first: mostly it starts a command, and has time while that runs. */
const PAUSE_MS = 5;

/** Tasks side by side; two of them keep the disk busy and leave processors to the build. */
export function openBackground(): Background {
	const limit = pLimit(2);
	const tasks = new Map<string, Promise<void>>();
	return {
		start: (name, task, failed) => {
			if (tasks.has(name)) return;
			const running = setTimeout(PAUSE_MS)
				.then(() => limit(task))
				.then(undefined, failed);
			tasks.set(
				name,
				running.finally(() => tasks.delete(name)),
			);
		},
		done: async () => {
			while (tasks.size > 0) await Promise.all(tasks.values());
		},
	};
}
