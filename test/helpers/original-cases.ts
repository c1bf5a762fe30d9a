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
