/** A call of the host for which Python waits. */
interface Waiting {
	/** Lets Python go on; absent until the promise is settled. */
	resume?: () => void;
}

/**
 * Who may run in an interpreter that waits. All its calls share one stack: Python that waits goes on when every call that
 * was begun meanwhile has ended, and a call begins while nothing runs. So calls nest, whoever makes them.
 */
export class Turns {
	#isRunning = false;
	/** The innermost is the last. */
	readonly #waiting: Waiting[] = [];
	readonly #queue: (() => void)[] = [];
	/** What rejects the calls that have not ended. */
	readonly #begun = new Set<(error: unknown) => void>();

	/** Whether Python waits for the host. */
	get isWaiting(): boolean {
		return this.#waiting.length > 0;
	}

	/** Begins a call when nothing runs; it may wait. */
	enter<T>(call: () => Promise<T>): Promise<T> {
		return new Promise((resolve, reject) => {
			const run = async (): Promise<void> => {
				try {
					resolve(await call());
				} catch (error) {
					reject(error);
				}
				this.#begun.delete(reject);
				this.#isRunning = false;
				this.#next();
			};
			this.#begun.add(reject);
			this.#queue.push(run);
			this.#next();
		});
	}

	/** Lets Python wait for a promise; one of the two is called when Python goes on. */
	wait<T, R>(promise: PromiseLike<T>, returned: (result: T) => R, threw: (error: unknown) => R): Promise<R> {
		return new Promise((resolve, reject) => {
			const one: Waiting = {};
			const settled = (lower: () => R): void => {
				one.resume = () => {
					try {
						resolve(lower());
					} catch (error) {
						reject(error);
					}
				};
				this.#next();
			};
			this.#waiting.push(one);
			this.#isRunning = false;
			promise.then(
				(value) => settled(() => returned(value)),
				(error: unknown) => settled(() => threw(error)),
			);
			// The guest is only left when the import returns.
			queueMicrotask(() => this.#next());
		});
	}

	/** Rejects all calls; what waits never goes on. */
	end(error: unknown): void {
		this.#waiting.length = 0;
		this.#queue.length = 0;
		for (const reject of this.#begun) reject(error);
		this.#begun.clear();
	}

	#next(): void {
		if (this.#isRunning) return;
		const innermost = this.#waiting.at(-1);
		const next = innermost?.resume ? this.#waiting.pop()?.resume : this.#queue.shift();
		if (next === undefined) return;
		this.#isRunning = true;
		next();
	}
}
