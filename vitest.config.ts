import { defineConfig } from 'vitest/config';

const project = (name: string, timeout: number, globalSetup: string[] = []) => ({
	test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeout, hookTimeout: timeout, globalSetup },
});

/** Tests of pure functions share one module graph, which halves their time. */
const pure = <P extends { test: object }>({ test }: P) => ({ test: { ...test, isolate: false } });

const COMPILED = ['test/helpers/compile-cli.ts'];

/** Tests that want a container engine start one when none runs. */
const ENGINES = ['test/helpers/stop-engines.ts'];

/**
 * Fast sets (`unit`, `golden`) run in `npm run check`; the others need compilers, interpreters or servers. `slow` takes
 * many minutes and runs by its name only.
 */
export default defineConfig({
	test: {
		// One file for each run of vitest; .ci/run adds them up.
		reporters: process.env.CI ? ['default', ['json', { outputFile: `.cpybuild/results/${process.pid}.json` }]] : ['default'],
		projects: [
			pure(project('unit', 20_000)),
			pure(project('golden', 20_000)),
			project('compile', 600_000, COMPILED),
			project('contract', 600_000, ENGINES),
			project('e2e', 1_800_000, [...COMPILED, ...ENGINES]),
			project('slow', 7_200_000, [...COMPILED, ...ENGINES]),
		],
	},
});
