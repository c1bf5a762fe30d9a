import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './measure.js';
import { emptyFolder, ROOT, SCRATCH } from './project.js';
import { openSession, type Session } from './session.js';

/** What others are measured as. */
export const PYODIDE = 'pyodide@314.0.7';
export const COMPONENTIZE = 'componentize-py==0.25.1';

/** Pyodide in Node, whose host functions are those of a JavaScript module that is registered. */
export async function openPyodide(): Promise<Session> {
	const folder = join(SCRATCH, 'pyodide');
	if (!existsSync(join(folder, 'node_modules/pyodide'))) {
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }');
		await runProgram(['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', PYODIDE], { cwd: folder });
	}
	await copyTo(folder);
	return openSession([process.execPath, 'pyodide.mjs'], folder);
}

/** A component that componentize-py makes of Python code, run by jco. */
export async function openComponent(): Promise<Session> {
	const tools = join(SCRATCH, 'componentize');
	const program = join(tools, 'bin/componentize-py');
	if (!existsSync(program)) {
		await runProgram(['python3', '-m', 'venv', tools]);
		await runProgram([join(tools, 'bin/python'), '-m', 'pip', 'install', '--quiet', COMPONENTIZE]);
	}
	const folder = await emptyFolder('component');
	await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }');
	await copyTo(folder);
	await runProgram([program, '-d', 'bench.wit', '-w', 'bench', 'componentize', 'app', '-o', 'app.wasm'], {
		cwd: folder,
	});
	const jco = [process.execPath, join(ROOT, 'node_modules/@bytecodealliance/jco/dist/jco.js')];
	const mapped = ['--map', 'bench:calls/host=../component-host.mjs'];
	await runProgram([...jco, 'transpile', 'app.wasm', '-o', 'out', '--quiet', ...mapped], { cwd: folder });
	// Node 20 has what the component needs only behind a flag.
	return openSession([process.execPath, '--experimental-wasm-extended-const', 'component.mjs'], folder);
}

/** Puts the host, the timer and the cases into a folder. */
async function copyTo(folder: string): Promise<void> {
	await cp(join(ROOT, 'bench/peers'), folder, { recursive: true });
	for (const name of ['timing.py', 'host.mjs']) await cp(join(ROOT, 'bench/guest', name), join(folder, name));
}
