import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that measures when it is asked to. */
export interface Session {
	/** One round: times in nanoseconds, by name. */
	round(): Promise<Readonly<Record<string, number>>>;
	close(): Promise<void>;
}

/**
 * Starts a program that warms up, prints `ready`, and then answers each line of its input by a line of JSON. Waits until
 * it is ready.
 * @throws Error when it ends before that.
 */
export async function openSession(argv: readonly string[], cwd: string): Promise<Session> {
	const [program = '', ...args] = argv;
	const child = spawn(program, args, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
	const ended = new Promise<void>((resolve) => {
		child.once('close', () => resolve());
	});
	const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
	const next = async (): Promise<string> => {
		const { done, value } = await lines.next();
		if (done === true) throw new Error(`${argv.join(' ')} has ended`);
		return value;
	};
	const first = await next();
	if (first !== 'ready') throw new Error(`${argv.join(' ')} said: ${first}`);
	return {
		round: async () => {
			child.stdin.write('\n');
			return JSON.parse(await next());
		},
		close: async () => {
			child.stdin.end();
			await ended;
		},
	};
}
