import { pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import { fail } from '../diagnostics/diagnostic.js';

/** The implementation that a host module exports: its default export, or the one named `host`. */
export async function loadHostModule(file: string): Promise<unknown> {
	const exported = await importFile(file);
	const host = exported.default ?? exported.host;
	if (typeof host === 'object' && host !== null) return host;
	return fail({
		code: 'usage/host-module-empty',
		message: `host module "${file}" exports no host`,
		hint: 'export the object that implements the bindings as default, or as "host"',
	});
}

/** Node runs no TypeScript before version 22, so that is translated on the way. */
async function importFile(file: string): Promise<Readonly<Record<string, unknown>>> {
	try {
		if (!/\.[cm]?ts$/.test(file)) return await import(pathToFileURL(file).href);
		return await createJiti(import.meta.url, { interopDefault: false }).import(file);
	} catch (error) {
		return fail(
			{
				code: 'usage/host-module-failed',
				message: `host module "${file}" does not load`,
				details: describe(error),
			},
			{ cause: error },
		);
	}
}

function describe(error: unknown): string[] {
	const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
	return text.split('\n');
}
