/** When a burst of changes is taken for over. */
export interface Patience {
	/** How long nothing may have changed, in milliseconds. */
	readonly silence: number;
	/** How long a burst may last: what changes all the time is built from time to time. */
	readonly longest: number;
}

/** Rings at every change; who listens hears a burst of them once. */
export interface Bell {
	readonly ring: () => void;
	/** Waits until it has rung since it was last heard, and then for silence; the signal ends both. */
	heard(): Promise<void>;
}

/** Makes a bell that has not rung. */
export function createBell({ silence, longest }: Patience, signal: AbortSignal): Bell {
	let burst: { readonly first: number; last: number } | undefined;
	let wake = () => {};
	signal.addEventListener('abort', () => wake(), { once: true });

	const woken = (atTheLatest?: number) =>
		new Promise<void>((resolve) => {
			const timer = atTheLatest === undefined ? undefined : setTimeout(resolve, atTheLatest);
			wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});

	return {
		ring: () => {
			const now = performance.now();
			if (burst) burst.last = now;
			else burst = { first: now, last: now };
			wake();
		},
		heard: async () => {
			while (!burst && !signal.aborted) await woken();
			while (burst && !signal.aborted) {
				const left = Math.min(burst.last + silence, burst.first + longest) - performance.now();
				if (left <= 0) break;
				await woken(left);
			}
			burst = undefined;
		},
	};
}
