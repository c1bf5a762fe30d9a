import { createRequire } from 'node:module';

/** The package's own version; it finds itself by name, in the repository as well as installed. */
export function ownVersion(): string {
	const { version }: { version: string } = createRequire(import.meta.url)('cpybuild/package.json');
	return version;
}
