import type { Manifest } from './manifest.js';

/** The text of a manifest with another version of CPython; comments, quotes and layout stay as they are. */
export function withPythonVersion({ file, python }: Manifest, version: string): string {
	// The YAML document has said where the value stands, in whatever style it is written.
	const { start, end } = python.span;
	const written = file.text.slice(start, end);
	const edited = written.includes(python.version) ? written.replace(python.version, version) : `"${version}"`;
	return file.text.slice(0, start) + edited + file.text.slice(end);
}
