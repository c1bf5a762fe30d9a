/* A C extension module that is linked into the interpreter.  It calls the host
   through the generated fast_imports.h. */

#include "fast_imports.h"

#include <stdio.h>

PyDoc_STRVAR(sum_of_squares__doc__,
"sum_of_squares($module, n, /)\n"
"--\n"
"\n"
"Return 1*1 + 2*2 + ... + n*n, and tell the host's log about it.");

static PyObject *
sum_of_squares(PyObject *Py_UNUSED(module), PyObject *arg)
{
    char text[64];
    int length;
    unsigned long long sum = 0;
    unsigned long n = PyLong_AsUnsignedLong(arg);
    if (n == (unsigned long)-1 && PyErr_Occurred()) {
        return NULL;
    }
    for (unsigned long i = 1; i <= n; i++) {
        sum += (unsigned long long)i * i;
    }
    length = snprintf(text, sizeof(text), "%lu squares make %llu", n, sum);
    if (fast_host_log(1, text, (size_t)length) < 0) {
        return NULL;
    }
    return PyLong_FromUnsignedLongLong(sum);
}

static PyMethodDef fast_methods[] = {
    {"sum_of_squares", sum_of_squares, METH_O, sum_of_squares__doc__},
    {NULL, NULL, 0, NULL}
};

PyDoc_STRVAR(fast__doc__,
"Sums that are too slow in Python.");

static PyModuleDef_Slot fast_slots[] = {
    {0, NULL}
};

static struct PyModuleDef fast_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "fast",
    .m_doc = fast__doc__,
    .m_size = 0,
    .m_methods = fast_methods,
    .m_slots = fast_slots,
};

PyMODINIT_FUNC
PyInit_fast(void)
{
    return PyModuleDef_Init(&fast_module);
}
