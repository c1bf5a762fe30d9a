import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, runNode } from './cli.js';
import type { Project } from './project.js';

/** The three cases that cpybuild was made for: a module of C code alone, and an import that the host answers. */
export const originalCases = (version: string): Readonly<Record<string, string>> => ({
	'project.yaml': `python: "${version}"
modules:
  three:
    sources: [three.c]
  demo:
    functions:
      bar:
        signature: "func(a: s32, b: s32) -> s32"
        import_name: demo
`,
	'three.c': `#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *
three_value(PyObject *module, PyObject *unused)
{
    return PyLong_FromLong(3);
}

static PyMethodDef methods[] = {{"value", three_value, METH_NOARGS, "Three."}, {NULL}};
static struct PyModuleDef three = {PyModuleDef_HEAD_INIT, "three", NULL, 0, methods};

PyMODINIT_FUNC
PyInit_three(void)
{
    return PyModuleDef_Init(&three);
}
`,
	'host.mjs': 'export default { demo: { bar: (a, b) => (a + b) * 10 } };\n',
});

/** Tests the interpreter of the built project of `originalCases`, wherever it was built. */
export function testOriginalCases(version: string, project: () => Project): void {
	test('a module without imports gives 3', async () => {
		const result = await project().python('import three; print(three.value())', { host: 'host.mjs' });
		expect(result).toEqual({ code: 0, stdout: '3', stderr: '' });
	});

	test('an import is answered by the host', async () => {
		const result = await project().python('import demo; print(demo.bar(1, 2))', { host: 'host.mjs' });
		expect(result).toEqual({ code: 0, stdout: '30', stderr: '' });
	});

	test('without the import the interpreter does not start, and run names it', async () => {
		expect(await project().python('print("not reached")')).toEqual({
			code: 2,
			stdout: '',
			stderr: `error[usage/host-import-missing]: python.wasm imports "demo.demo", which no host provides
   = hint: name the module that implements them with --host FILE`,
		});
	});

	test.each(['python', '/usr/local/bin/python3', 'x', '/lib/python.wasm', './a/b', ''])(
		'node:wasi runs it as argv[0] %j, without environment and without warnings',
		async (argv0) => {
			const program =
				'import demo, json, sys, os; print(demo.bar(1, 2), sys.version.split()[0], sys.prefix, len(os.environ))';
			const args = [join(ROOT, 'test/helpers/node-wasi.mjs'), project().dist, argv0, '-c', program];
			const result = await runNode(args, { nodeOptions: ['--stack-size=3900'] });
			expect(result).toEqual({ code: 0, stdout: `30 ${version} / 0`, stderr: '' });
		},
	);
}
