// The host program's side of project.yaml. "cpybuild build" writes the types, so that a function which is missing
// or has a wrong type does not compile.
import type { Host } from './dist/bindings.js';

const pages = new Map([['https://example.org/', 'Hello from the host']]);

export const host: Host = {
	demo: {
		bar(a, b) {
			return (a + b) * 10;
		},

		// What Python may reach is decided here: it has no network of its own.
		fetchPage(url, maxBytes) {
			const page = pages.get(url);
			if (page === undefined) throw new Error(`no page at ${url}`);
			return new TextEncoder().encode(page).subarray(0, maxBytes);
		},
	},
};
