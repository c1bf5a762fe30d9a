#include "left_imports.h"

#include "left/limit.h"

static PyObject *
left_log(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (left_host_log(LEFT_LEVEL, left_text(), 4) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
left_read(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    cpybuild_buffer content;
    PyObject *answer;
    if (left_host_read("path", 4, LIMIT, &content) < 0) {
        return NULL;
    }
    answer = PyBytes_FromStringAndSize((const char *)content.ptr,
                                       (Py_ssize_t)content.len);
    cpybuild_buffer_free(&content);
    return answer;
}

static PyMethodDef left_methods[] = {
    {"log", left_log, METH_NOARGS, NULL},
    {"read", left_read, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL}
};

static PyModuleDef_Slot left_slots[] = {
    {0, NULL}
};

static struct PyModuleDef left_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "left",
    .m_size = 0,
    .m_methods = left_methods,
    .m_slots = left_slots,
};

PyMODINIT_FUNC
PyInit_left(void)
{
    return PyModuleDef_Init(&left_module);
}
