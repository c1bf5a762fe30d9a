import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadManifest } from '../../src/project.js';
import { cpybuild, ROOT } from '../helpers/cli.js';
import { interpretersOf } from '../helpers/interpreters.js';
import { corpusCases } from '../helpers/wit/corpus.js';
import { corpusProject } from '../helpers/wit/corpus-project.js';

/** A host that has everything: nobody calls it here. */
const host = new Proxy({}, { get: () => new Proxy({}, { get: () => () => undefined }) });

/** What Python makes of a module's types and functions, each with its signature and what `help()` says. */
const LOOK = `
import importlib, inspect, pydoc
def look(name):
    module = importlib.import_module(name)
    for member, value in vars(module).items():
        if not member.startswith("__"):
            assert pydoc.render_doc(value), member
            if inspect.isbuiltin(value):
                inspect.signature(value)
`;

test('all worlds of the corpus that are carried make one interpreter, and one component', async () => {
	const folder = join(ROOT, '.cpybuild/test/whole-corpus');
	await rm(join(folder, 'wit'), { recursive: true, force: true });
	const worlds: string[] = [];
	for (const one of corpusCases('right')) {
		const { manifest } = await corpusProject(one);
		// Where a host function is async, everything is: see async.test.ts.
		if (manifest === undefined || one.isFolder || one.name === 'async') continue;
		await mkdir(join(folder, 'wit/deps'), { recursive: true });
		await cp(one.path, join(folder, `wit/deps/${one.name}.wit`));
		const [, id, version = ''] = /^package ([^@;]+)(@[^;]+)?;/m.exec([...one.files.values()][0] ?? '') ?? [];
		worlds.push(`\tinclude ${id}/corpus${version};`);
	}
	const world = `package whole:corpus;\n\nworld whole {\n${worlds.join('\n')}\n}\n`;
	await writeFile(join(folder, 'wit/whole.wit'), world);
	await writeFile(join(folder, 'project.yaml'), 'python: "3.13.5"\nwit: ./wit\nbuild: { component: true }\n');
	expect(await cpybuild(['build', '--quiet'], { cwd: folder })).toEqual({ code: 0, stdout: '', stderr: '' });

	const modules = (await loadManifest(join(folder, 'project.yaml'))).modules.map(({ name }) => name);
	const open = await interpretersOf(join(folder, 'dist'));
	const { python, written } = await open(host);
	python.run(LOOK);
	for (const name of modules) expect(() => python.run(`look("${name}")`), name).not.toThrow();
	expect({ written: written(), modules: modules.length > 30 }).toEqual({ written: '', modules: true });
});
