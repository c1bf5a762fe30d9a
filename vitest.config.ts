import { defineConfig } from 'vitest/config';

const project = (name: string, timeout: number) => ({
	test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeout, hookTimeout: timeout },
});

/** Fast sets (`unit`, `golden`) run in `npm run check`; the others need compilers, interpreters or servers. */
export default defineConfig({
	test: { projects: [project('unit', 10_000), project('golden', 10_000), project('compile', 600_000), project('e2e', 1_200_000)] },
});
