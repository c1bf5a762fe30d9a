import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { requireSuccess } from '../command-failure.js';
import type { StepContext } from '../step.js';
import type { Workspace } from './workspace.js';

/** What a manifest's link takes from the base; paths are below the base's folder. */
export interface BaseLink {
	/** `Programs/python.o`: the program around libpython. */
	readonly objects: readonly string[];
	/** Archives and `-l` options in link order, as the generated Makefile has them. */
	readonly libraries: readonly string[];
}

/** The name of CPython's record of the link in the base. */
export const LINK_FILE = 'link.json';

/** Copies what later steps need out of the finished workspace. */
export async function harvest(workspace: Workspace, source: string, context: StepContext): Promise<void> {
	const { build } = workspace;
	const { out } = context;
	const link = await readLink(workspace, context);
	for (const path of [...link.objects, ...link.libraries.filter((word) => !word.startsWith('-')), 'Modules/config.c']) {
		await mkdir(dirname(join(out, path)), { recursive: true });
		await cp(join(build, path), join(out, path));
	}
	await writeFile(join(out, LINK_FILE), `${JSON.stringify(link, undefined, '\t')}\n`);
	await cp(join(source, 'Include'), join(out, 'include'), { recursive: true });
	await cp(join(build, 'pyconfig.h'), join(out, 'include/pyconfig.h'));
	await cp(join(build, 'python.wasm'), join(out, 'python.wasm'));
	await mkdir(join(out, 'sysconfig'));
	const data = join(build, (await readFile(join(build, 'pybuilddir.txt'), 'utf8')).trim());
	for (const name of await readdir(data)) {
		if (name.startsWith('_sysconfigdata')) await cp(join(data, name), join(out, 'sysconfig', name));
	}
}

/** Asks make for the link line, since the archives differ between minors. */
async function readLink(workspace: Workspace, context: StepContext): Promise<BaseLink> {
	const makefile = [
		'include Makefile',
		'cpybuild-link:',
		'\t@echo Programs/python.o',
		'\t@echo $(LIBRARY) $(LIBS) $(MODLIBS) $(SYSLIBS)',
		'',
	].join('\n');
	await writeFile(join(workspace.build, 'cpybuild.mk'), makefile);
	const argv = ['make', '-s', '-f', 'cpybuild.mk', 'cpybuild-link'] as const;
	const result = await context.exec({ ...workspace.place, argv, env: workspace.environment, isDry: true });
	requireSuccess({ purpose: 'read the link line of CPython', argv, result, logPath: context.logPath });
	const [objects = '', libraries = ''] = result.stdout.trim().split('\n');
	const words = (line: string) => line.split(/\s+/).filter((word) => word !== '');
	return { objects: words(objects), libraries: [...new Set(words(libraries))] };
}
