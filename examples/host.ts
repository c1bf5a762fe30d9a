import type { Host } from '../dist/bindings.js';

/** What C code logged, newest last. */
export const messages: string[] = [];

/** The host of project.yaml: `cpybuild run dist --host examples/host.ts` gives it to the interpreter. */
const host: Host = {
	demo: {
		bar: (a, b) => (a + b) * 10,
		fetchPage: (url, maxBytes) => new TextEncoder().encode(`<title>${url}</title>`).subarray(0, maxBytes),
	},
	fast: {
		log(level, text) {
			messages.push(`${level}: ${text}`);
		},
	},
};

export default host;
