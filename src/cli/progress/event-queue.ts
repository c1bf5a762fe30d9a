/** Hands values from whoever pushes them to one reader, in order, however late the reader comes. */
export interface EventQueue<T> extends AsyncIterable<T> {
	readonly push: (value: T) => void;
	/** Says that nothing follows; the reader ends after the last value. */
	readonly end: () => void;
}

/** Makes an empty queue. */
export function createEventQueue<T>(): EventQueue<T> {
	const values: T[] = [];
	let ended = false;
	let wake: (() => void) | undefined;
	const notify = (): void => {
		wake?.();
		wake = undefined;
	};

	async function* read(): AsyncGenerator<T, undefined> {
		for (;;) {
			yield* values.splice(0);
			if (values.length > 0) continue;
			if (ended) return undefined;
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
		}
	}

	return {
		push: (value) => {
			values.push(value);
			notify();
		},
		end: () => {
			ended = true;
			notify();
		},
		[Symbol.asyncIterator]: read,
	};
}
