#include "class__imports.h"

static PyObject *
class__free(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    cpybuild_buffer text;
    PyObject *answer;
    if (class__host_free("free", 4, 1, 2, &text) < 0) {
        return NULL;
    }
    answer = PyUnicode_FromStringAndSize((const char *)text.ptr, (Py_ssize_t)text.len);
    cpybuild_buffer_free(&text);
    return answer;
}

static PyObject *
class__raw(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    uint8_t answer;
    if (class__host_raw(1, (const uint8_t *)"x", 1, &answer) < 0) {
        return NULL;
    }
    return PyLong_FromLong(answer);
}

static PyObject *
class__raw_raw(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (class__host_raw_raw_2() < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyMethodDef class__methods[] = {
    {"free", class__free, METH_NOARGS, NULL},
    {"raw", class__raw, METH_NOARGS, NULL},
    {"raw_raw", class__raw_raw, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL}
};

static PyModuleDef_Slot class__slots[] = {
    {0, NULL}
};

static struct PyModuleDef class__module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "class_",
    .m_size = 0,
    .m_methods = class__methods,
    .m_slots = class__slots,
};

PyMODINIT_FUNC
PyInit_class_(void)
{
    return PyModuleDef_Init(&class__module);
}
