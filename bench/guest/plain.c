/* The baselines of host calls: C functions as one writes them by hand, with the
   calling convention of generated stubs, that call nothing outside of Python. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *
plain_ignore(PyObject *Py_UNUSED(module), PyObject *const *Py_UNUSED(args),
             Py_ssize_t Py_UNUSED(nargs))
{
    Py_RETURN_NONE;
}

static PyObject *
plain_add(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    int a, b;
    if (nargs != 2) {
        PyErr_SetString(PyExc_TypeError, "add() takes exactly 2 arguments");
        return NULL;
    }
    a = PyLong_AsInt(args[0]);
    if (a == -1 && PyErr_Occurred()) {
        return NULL;
    }
    b = PyLong_AsInt(args[1]);
    if (b == -1 && PyErr_Occurred()) {
        return NULL;
    }
    return PyLong_FromLong(a + b);
}

static PyObject *
plain_echo(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    const char *text;
    Py_ssize_t length;
    if (nargs != 1) {
        PyErr_SetString(PyExc_TypeError, "echo() takes exactly 1 argument");
        return NULL;
    }
    text = PyUnicode_AsUTF8AndSize(args[0], &length);
    if (text == NULL) {
        return NULL;
    }
    return PyUnicode_DecodeUTF8(text, length, NULL);
}

static PyMethodDef plain_methods[] = {
    {"ignore", _PyCFunction_CAST(plain_ignore), METH_FASTCALL, NULL},
    {"add", _PyCFunction_CAST(plain_add), METH_FASTCALL, NULL},
    {"echo", _PyCFunction_CAST(plain_echo), METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL}
};

static struct PyModuleDef plain_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "plain",
    .m_methods = plain_methods,
};

PyMODINIT_FUNC
PyInit_plain(void)
{
    return PyModuleDef_Init(&plain_module);
}
