import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runNode } from '../helpers/cli.js';
import { VERSIONS } from '../helpers/dist.js';
import { originalCases } from '../helpers/original-cases.js';
import { openProject, type Project } from '../helpers/project.js';

describe.each(VERSIONS)('CPython %s', (version) => {
	let project: Project;

	beforeAll(async () => {
		const folder = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
		project = await openProject(folder, originalCases(version));
		const built = await project.build();
		expect(built).toMatchObject({ code: 0 });
		return () => rm(folder, { recursive: true, force: true });
	});

	test('a module without imports gives 3', async () => {
		const result = await project.python('import three; print(three.value())', { host: 'host.mjs' });
		expect(result).toEqual({ code: 0, stdout: '3', stderr: '' });
	});

	test('an import is answered by the host', async () => {
		const result = await project.python('import demo; print(demo.bar(1, 2))', { host: 'host.mjs' });
		expect(result).toEqual({ code: 0, stdout: '30', stderr: '' });
	});

	test('without the import the interpreter does not start, and run names it', async () => {
		const result = await project.python('print("not reached")');
		expect(result.code).toBe(2);
		expect(result.stdout).toBe('');
		expect(result.stderr).toMatchInlineSnapshot(`
			"error[usage/host-import-missing]: python.wasm imports "demo.demo", which no host provides
			   = hint: name the module that implements them with --host FILE"
		`);
	});

	test.each(['python', '/usr/local/bin/python3', 'x', '/lib/python.wasm', './a/b', ''])(
		'node:wasi runs it as argv[0] %j, without environment and without warnings',
		async (argv0) => {
			const program =
				'import demo, json, sys, os; print(demo.bar(1, 2), sys.version.split()[0], sys.prefix, len(os.environ))';
			const host = join(import.meta.dirname, '../helpers/node-wasi.mjs');
			const result = await runNode([host, project.dist, argv0, '-c', program], { nodeOptions: ['--stack-size=3900'] });
			expect(result).toEqual({ code: 0, stdout: `30 ${version} / 0`, stderr: '' });
		},
	);
});
