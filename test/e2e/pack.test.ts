import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../helpers/cli.js';

/** The package as npm would publish it, installed into an empty project. */
interface Installed {
	readonly folder: string;
	/** The copy of the repository that was packed. */
	readonly checkout: string;
	/** Paths in the tarball. */
	readonly files: readonly string[];
}

let installed: Installed;

/** What the package is made of; the compiled part is made by packing. */
const SOURCES = [
	'package.json',
	'README.md',
	'LICENSE',
	'tsconfig.json',
	'tsconfig.build.json',
	'scripts/build.mjs',
	'src',
	'runtime',
	'templates',
	'schema',
	'seeds',
	'cpython-patches',
	'devcontainer',
];

// Warnings of npm about its user's configuration are none of ours.
const env = { NO_COLOR: '1', CI: undefined, GITHUB_ACTIONS: undefined, npm_config_loglevel: 'error' };

beforeAll(async () => {
	const top = await mkdtemp(join(tmpdir(), 'cpybuild-pack-'));
	const [checkout, folder] = [join(top, 'checkout'), join(top, 'project')];
	// A copy, since a folder that was worked in may hold compiled files whose sources are gone.
	for (const path of SOURCES) await cp(join(ROOT, path), join(checkout, path), { recursive: true });
	await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
	await mkdir(folder);
	const { stdout } = await execa('npm', ['pack', checkout, '--json'], { cwd: folder, env });
	type Packed = { readonly filename: string; readonly files: readonly { readonly path: string }[] };
	const [packed] = Object.values<Packed>(JSON.parse(stdout.slice(stdout.search(/^[[{]/m))));
	if (!packed) throw new Error('npm packed nothing');
	await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
	const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${packed.filename}`, '@types/node@20'];
	await execa('npm', install, { cwd: folder, env });
	installed = { folder, checkout, files: packed.files.map(({ path }) => path).sort() };
	return () => rm(top, { recursive: true, force: true });
});

const npx = (...args: string[]) =>
	execa('npx', ['--no-install', 'cpybuild', ...args], { cwd: installed.folder, env, reject: false });

describe('the package', () => {
	test('holds what a build needs, and no more', () => {
		const places = installed.files.map((path) => path.replace(/^(lib\/[^/]+|[^/]+)\/.*$/, '$1'));
		expect([...new Set(places)].sort()).toEqual([
			'LICENSE',
			'README.md',
			'cpython-patches',
			'devcontainer',
			'lib',
			'lib/chunks',
			'lib/commands',
			'lib/runtime',
			'lib/src',
			'package.json',
			'schema',
			'seeds',
			'templates',
		]);
		const kinds = installed.files.filter((path) => path.startsWith('lib/')).map((path) => path.replace(/^[^.]+/, ''));
		expect([...new Set(kinds)].sort()).toEqual(['.cjs', '.d.ts', '.js', '.txt']);
		expect(installed.files.filter((path) => path.startsWith('devcontainer/'))).toEqual([
			'devcontainer/Dockerfile',
			'devcontainer/devcontainer.json',
			'devcontainer/install-missing.sh',
		]);
		expect(installed.files).toContain('schema/manifest.schema.json');
		expect(installed.files).toContain('lib/third-party-licenses.txt');
	});

	test('imports no package that is not installed with it', () => {
		const root = join(installed.folder, 'node_modules/cpybuild');
		const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
		const code = installed.files.filter((path) => /\.c?js$/.test(path));
		const FORMS = [
			/^(?:import|export)\b(?:[^'"`]*\bfrom)? *["']([^'"./][^'"]*)["'];$/gm,
			/\b(?:import|require)\("([^"./][^"]*)"\)/g,
		];
		const imported = code.flatMap((path) => {
			const text = readFileSync(join(root, path), 'utf8');
			return FORMS.flatMap((form) => Array.from(text.matchAll(form), ([, name]) => name));
		});
		const packages = new Set(imported.filter((name) => name !== undefined && !isBuiltin(name)));
		expect([...packages].sort()).toEqual(Object.keys({ ...dependencies, ...optionalDependencies }).sort());
	});

	test('names no folder of the machine that packed it', () => {
		const root = join(installed.folder, 'node_modules/cpybuild');
		const named = installed.files.filter((path) => {
			const text = readFileSync(join(root, path), 'latin1');
			return text.includes(ROOT) || text.includes(installed.checkout);
		});
		expect(named).toEqual([]);
	});

	test('makes a starter project that builds and runs', async () => {
		expect(await npx('init')).toMatchObject({ exitCode: 0, stderr: '' });
		expect(await npx('build', '--quiet')).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
		const ran = await npx('run', 'dist', '--host', 'host.ts', '--dir', '.::/work:ro', '--', '/work/hello.py');
		expect(ran).toMatchObject({
			exitCode: 0,
			stdout: 'demo.bar(1, 2) = 30\nthe host sent 19 bytes: Hello from the host',
			stderr: '',
		});
		const manifest = readFileSync(join(installed.folder, 'project.yaml'), 'utf8');
		const schema = /\$schema=(\S+)/.exec(manifest)?.[1] ?? '';
		expect(existsSync(join(installed.folder, schema))).toBe(true);
	});

	test.each(['NodeNext', 'Bundler'])('has types that a strict program compiles against (%s)', async (resolution) => {
		const folder = join(installed.folder, `typed-${resolution}`);
		await mkdir(folder);
		await writeFile(
			join(folder, 'program.ts'),
			`import { build, CpybuildError, planBuild, readManifest, type BuildEvent, type Diagnostic, type Report } from 'cpybuild';

const events: BuildEvent[] = [];
const report: Report = await build({ manifest: 'project.yaml', onEvent: (event) => events.push(event) });
const status: 'built' | 'up-to-date' = report.status;
const [step] = await planBuild();
const key: string | undefined = step?.key;
const manifest = await readManifest('project.yaml');
for (const module of manifest.modules) if (module.kind === 'host') module.functions.map(({ signature }) => signature.params);
const show = (problem: Diagnostic): string => \`\${problem.code} \${problem.hint ?? ''}\`;
try {
	await build();
} catch (error) {
	if (error instanceof CpybuildError) error.diagnostics.map(show);
}
// @ts-expect-error: there is no such option
await build({ manifesto: 'project.yaml' });
export { key, status };
`,
		);
		const compilerOptions = {
			strict: true,
			noEmit: true,
			skipLibCheck: false,
			target: 'es2022',
			lib: ['es2023'],
			types: ['node'],
			module: resolution === 'NodeNext' ? 'nodenext' : 'esnext',
			moduleResolution: resolution.toLowerCase(),
			exactOptionalPropertyTypes: true,
			noUncheckedIndexedAccess: true,
		};
		await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
		const tsc = join(ROOT, 'node_modules/.bin/tsc');
		const { stdout, exitCode } = await execa(tsc, ['-p', '.'], { cwd: folder, reject: false });
		expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 });
	});
});
