import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_BASE } from '../../../src/manifest/image-name.js';

const FOLDER = 'devcontainer';

const readText = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

describe('the devcontainer', () => {
	test('starts from the same image in an editor and in a build', () => {
		const { build, remoteUser } = JSON.parse(readText('devcontainer.json'));
		expect(build).toEqual({ dockerfile: 'Dockerfile', args: { PURPOSE: 'edit', BASE: DEFAULT_BASE } });
		const dockerfile = readText('Dockerfile');
		expect(dockerfile.match(/^ARG BASE=.*$/m)?.[0]).toBe(`ARG BASE=${DEFAULT_BASE}`);
		expect(dockerfile.match(/^USER (?!root).*$/m)?.[0]).toBe(`USER ${remoteUser}`);
	});

	test('needs nothing of BuildKit', () => {
		expect(readText('Dockerfile')).not.toMatch(/^# *syntax=|--mount|--chmod|--chown|--link|<</m);
	});

	test('has the packages that the image of CI has', () => {
		const named = (path: string) =>
			[
				...new Set(readFileSync(path, 'utf8').match(/\b(?:clang|lld|llvm|libclang-rt)-\d+[\w-]*|\bwasi-libc\b/g)),
			].sort();
		const packages = named('devcontainer/install-missing.sh');
		expect(packages).toEqual(['clang-19', 'libclang-rt-19-dev-wasm32', 'lld-19', 'llvm-19', 'wasi-libc']);
		expect(named('scripts/ci/debian-base-image.mjs')).toEqual(packages);
	});

	test('has the version of LLVM that all scripts install', () => {
		const files = ['.github', 'devcontainer', 'scripts'].flatMap((folder) =>
			readdirSync(folder, { recursive: true, withFileTypes: true })
				.filter((entry) => entry.isFile())
				.map((entry) => join(entry.parentPath, entry.name)),
		);
		const named = files.flatMap((file) =>
			[...readFileSync(file, 'utf8').matchAll(/\b(?:clang|lld|llvm|libclang-rt|wasm-ld|llvm-ar)-(\d+)/g)].map(
				([text, major]) => ({ file, text, major }),
			),
		);
		expect(named.filter(({ major }) => major !== '19')).toEqual([]);
		expect(named.length).toBeGreaterThan(7);
	});
});
