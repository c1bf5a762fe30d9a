/* The baselines of host calls: C functions that call nothing outside of Python,
   as one writes them by hand, and a generated stub with C in the host's place. */

#include "cpybuild.h"

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

__attribute__((noinline)) static int32_t
sum(int32_t a, int32_t b)
{
    return a + b;
}

static PyObject *
plain_stub(PyObject *Py_UNUSED(module), PyObject *const *args,
           Py_ssize_t nargs, PyObject *kwnames)
{
    static const char *const parameters[] = {
        "a", "b",
    };
    static const cpybuild_function function = {
        "stub", parameters, 2, 2
    };
    PyObject *values[2];
    int32_t a;
    int32_t b;
    int32_t result;

    args = cpybuild_bind(&function, args, nargs, kwnames, values);
    if (args == NULL) {
        return NULL;
    }
    if (cpybuild_lower_s32(&function, 0, args[0], &a) < 0) {
        return NULL;
    }
    if (cpybuild_lower_s32(&function, 1, args[1], &b) < 0) {
        return NULL;
    }
    result = sum(a, b);
    if (cpybuild_check() < 0) {
        return NULL;
    }
    return cpybuild_lift_s32("plain.stub", result);
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
    {"stub", _PyCFunction_CAST(plain_stub), METH_FASTCALL | METH_KEYWORDS, NULL},
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
