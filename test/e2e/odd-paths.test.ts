import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeCache } from '../helpers/cache.js';
import { cpybuild } from '../helpers/cli.js';
import { nativeModule } from '../helpers/native.js';
import { openProject } from '../helpers/project.js';

/** Everything in a name that a shell, make, configure or a list of options could take for its own. */
const ODD = 'a b;c=d\'e"f ü';

const FILES = {
	'project.yaml': `python: "3.13.5"
modules:
  demo:
    functions:
      bar: "func(a: s32, b: s32) -> s32"
  fast:
    sources: ["s rc=x/fäst;1.c"]
    include: ["in;clude"]
    define: { FACTOR: 3 }
`,
	'in;clude/factor.h': '#define TIMES(x) ((x) * FACTOR)\n',
	's rc=x/fäst;1.c': nativeModule(
		'fast',
		'    return Py_BuildValue("(is)", TIMES(7), __FILE__);',
		'#include "factor.h"',
	),
	'host.mjs': 'export default { demo: { bar: (a, b) => (a + b) * 10 } };\n',
};

test.each(['native', 'wasm'])('folders may have any name, with the %s clang', async (compiler) => {
	const root = await mkdtemp(join(tmpdir(), 'cpybuild-odd-'));
	onTestFinished(() => rm(root, { recursive: true, force: true }));
	// What the builds share is in the usual cache.
	const usual = await openProject(join(root, 'usual'), FILES);
	expect(await usual.build('--compiler', compiler)).toMatchObject({ code: 0 });

	const project = await openProject(join(root, ODD), FILES);
	const cache = await makeCache(join(root, `cache ${ODD}`));
	const out = `out ${ODD}`;
	const env = { CPYBUILD_CACHE_DIR: cache, HOME: project.folder };
	const built = await cpybuild(['build', '--compiler', compiler, '--out', out], { cwd: project.folder, env });
	expect(built.code, built.stderr).toBe(0);
	const code = 'import demo, fast; print(demo.bar(1, 2), *fast.value())';
	const run = await cpybuild(['run', out, '--host', 'host.mjs', '--', '-c', code], { cwd: project.folder, env });
	expect(run).toEqual({ code: 0, stdout: '30 21 s rc=x/fäst;1.c', stderr: '' });
	const bytes = await readFile(join(project.folder, out, 'python.wasm'));
	expect(bytes.equals(await readFile(join(usual.dist, 'python.wasm')))).toBe(true);
});
