import { readFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProject } from '../helpers/project.js';

/** A search path without any clang: the wasm clang does the whole job, the base included. */
test('without a compiler on the machine clang as WebAssembly builds everything', async () => {
	const project = await makeProject({
		'project.yaml': `python: "3.13.5"
modules:
  demo:
    functions:
      bar: "func(a: s32, b: s32) -> s32"
  fast:
    sources: [src/fast.c]
    include: [include]
    define: { FACTOR: 3 }
`,
		'include/factor.h': '#define TIMES(x) ((x) * FACTOR)\n',
		'include/deep/times.h': '#include "../factor.h"\n',
		'src/fast.c': `#include <Python.h>
#include "deep/times.h"

static PyObject *
fast_times(PyObject *module, PyObject *number)
{
    return PyLong_FromLong(TIMES(PyLong_AsLong(number)));
}

static PyObject *
fast_file(PyObject *module, PyObject *unused)
{
    return PyUnicode_FromString(__FILE__);
}

static PyMethodDef methods[] = {{"times", fast_times, METH_O, NULL}, {"file", fast_file, METH_NOARGS, NULL}, {NULL}};
static struct PyModuleDef fast = {PyModuleDef_HEAD_INIT, "fast", NULL, 0, methods};

PyMODINIT_FUNC
PyInit_fast(void)
{
    return PyModuleDef_Init(&fast);
}
`,
		'host.mjs': 'export default { demo: { bar: (a, b) => (a + b) * 10 } };\n',
	});
	const built = await project.build('--compiler', 'wasm');
	expect(built).toMatchObject({ code: 0 });
	const result = await project.python('import demo, fast; print(demo.bar(1, 2), fast.times(7), fast.file())', {
		host: 'host.mjs',
	});
	expect(result).toEqual({ code: 0, stdout: '30 21 src/fast.c', stderr: '' });
	const bytes = await readFile(join(project.dist, 'python.wasm'), 'latin1');
	const machine = [join(tmpdir(), 'cpybuild'), homedir(), `/host${tmpdir()}`].filter((path) => bytes.includes(path));
	expect(machine).toEqual([]);

	await project.write('src/fast.c', '#include <Python.h>\nint broken(void) { return undeclared; }\n');
	const broken = await project.build('--compiler', 'wasm');
	expect(broken.code).toBe(1);
	const first = broken.stderr.split('\n').find((line) => line.startsWith('error['));
	expect(first?.replaceAll(project.folder, '<project>')).toBe(
		"error[build/compile-failed]: could not compile src/fast.c: clang ended with exit code 1: <project>/src/fast.c:2:27: error: use of undeclared identifier 'undeclared'",
	);
});
