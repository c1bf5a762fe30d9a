import { spawn } from 'node:child_process';

/** Something whose time is taken. */
export interface Case {
	readonly name: string;
	/** Prepares a round; its time does not count. */
	readonly before?: (round: number) => Promise<void>;
	/** One round; gives its time in milliseconds where it knows better than the clock around it. */
	readonly run: (round: number) => Promise<number | undefined>;
}

/** The times of a case in milliseconds, one per round. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/** Takes times in interleaved rounds: each round runs every case once, so that the machine's moods meet all of them. */
export async function measure(rounds: number, cases: readonly Case[]): Promise<Samples> {
	const samples = new Map(cases.map(({ name }) => [name, [] as number[]]));
	for (let round = 0; round < rounds; round++) {
		for (const { name, before, run } of cases) {
			await before?.(round);
			const start = performance.now();
			const own = await run(round);
			samples.get(name)?.push(own ?? performance.now() - start);
		}
	}
	return samples;
}

/** First quartile, median and third quartile, interpolated. */
export function quartiles(values: readonly number[]): readonly [number, number, number] {
	const sorted = [...values].sort((a, b) => a - b);
	const at = (part: number) => {
		const place = (sorted.length - 1) * part;
		const low = sorted[Math.floor(place)] ?? Number.NaN;
		const high = sorted[Math.ceil(place)] ?? Number.NaN;
		return low + (high - low) * (place - Math.floor(place));
	};
	return [at(0.25), at(0.5), at(0.75)];
}

/** Runs a program to its end; its whole life is in the time of whoever waits. */
export function runProgram(argv: readonly string[], options: ProgramOptions = {}): Promise<string> {
	const [program = '', ...args] = argv;
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, {
			cwd: options.cwd,
			env: { ...process.env, ...options.env },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		const stdout: Buffer[] = [];
		const stderr: Buffer[] = [];
		child.stdout.on('data', (chunk) => stdout.push(chunk));
		child.stderr.on('data', (chunk) => stderr.push(chunk));
		child.on('error', reject);
		child.on('close', (code) => {
			if (code === 0) resolve(Buffer.concat(stdout).toString());
			else reject(new Error(`${argv.join(' ')} ended with ${code}:\n${Buffer.concat([...stdout, ...stderr])}`));
		});
	});
}

/** What a program is given besides its arguments. */
export interface ProgramOptions {
	readonly cwd?: string;
	readonly env?: Readonly<Record<string, string>>;
}
