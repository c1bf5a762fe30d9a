#include "bulk_imports.h"

static PyObject *
bulk_many(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    cpybuild_buffer text;
    PyObject *answer;
    if (bulk_host_many(1, 2, true, 4, 5.0f, "six", 3, -7,
                       (const uint8_t *)"eight", 5, 9, 10.0, -11, 12, -13, 14,
                       -15, &text) < 0)
    {
        return NULL;
    }
    answer = PyUnicode_FromStringAndSize((const char *)text.ptr,
                                         (Py_ssize_t)text.len);
    cpybuild_buffer_free(&text);
    return answer;
}

static PyMethodDef bulk_methods[] = {
    {"many", bulk_many, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL}
};

static PyModuleDef_Slot bulk_slots[] = {
    {0, NULL}
};

static struct PyModuleDef bulk_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "bulk",
    .m_size = 0,
    .m_methods = bulk_methods,
    .m_slots = bulk_slots,
};

PyMODINIT_FUNC
PyInit_bulk(void)
{
    return PyModuleDef_Init(&bulk_module);
}
