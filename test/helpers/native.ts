/** C text of a module with one function `value()` whose body is given, and lines before it. */
export function nativeModule(name: string, body: string, before = ''): string {
	return `#define PY_SSIZE_T_CLEAN
#include <Python.h>
${before}
static PyObject *
value(PyObject *module, PyObject *unused)
{
${body}
}

static PyMethodDef methods[] = {{"value", value, METH_NOARGS, NULL}, {NULL}};
static struct PyModuleDef ${name} = {PyModuleDef_HEAD_INIT, "${name}", NULL, 0, methods};

PyMODINIT_FUNC
PyInit_${name}(void)
{
    return PyModuleDef_Init(&${name});
}
`;
}
