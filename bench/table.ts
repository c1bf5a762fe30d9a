import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { quartiles, type Samples } from './measure.js';

/** A ratio of two medians of one run, with what it should be. */
export interface Ratio {
	readonly name: string;
	readonly of: string;
	readonly to: string;
	/** The highest ratio that is fine. */
	readonly aim: number | undefined;
}

/** One line that says on what the times were taken. */
export function describeMachine(toolchain: string): string {
	const system = readFileSync('/etc/os-release', 'utf8').match(/^PRETTY_NAME="(.*)"$/m)?.[1] ?? platform();
	const load = loadavg().map((one) => one.toFixed(1));
	return [
		`${availableParallelism()} × ${cpus()[0]?.model ?? arch()}`,
		`${Math.round(totalmem() / 2 ** 30)} GiB`,
		system,
		`Node ${process.versions.node}`,
		toolchain,
		`load average ${load.join(' ')}`,
	].join(', ');
}

/** The samples as a table: median and quartiles. */
export function printSamples(samples: Samples, unit: 's' | 'ns'): string {
	const scale = unit === 's' ? 1000 : 1;
	const digits = unit === 's' ? 3 : 1;
	return table(
		['', `median (${unit})`, 'quartiles', 'rounds'],
		[...samples].map(([name, values]) => {
			const [low, middle, high] = quartiles(values).map((value) => (value / scale).toFixed(digits));
			return [name, `${middle}`, `${low} – ${high}`, String(values.length)];
		}),
	);
}

/** Ratios of medians beside their aims. */
export function printRatios(samples: Samples, ratios: readonly Ratio[]): string {
	const median = (name: string) => quartiles(samples.get(name) ?? [])[1];
	return table(
		['', 'ratio', 'aim'],
		ratios.map(({ name, of, to, aim }) => [
			name,
			(median(of) / median(to)).toFixed(2),
			aim === undefined ? '' : `≤ ${aim}`,
		]),
	);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
	return [line(head), line(rule), ...rows.map(line)].join('\n');
}
