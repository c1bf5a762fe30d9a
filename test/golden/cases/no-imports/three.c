#include <Python.h>

static PyObject *
three_three(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromLong(3);
}

static PyMethodDef three_methods[] = {
    {"three", three_three, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL}
};

static PyModuleDef_Slot three_slots[] = {
    {0, NULL}
};

static struct PyModuleDef three_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "three",
    .m_size = 0,
    .m_methods = three_methods,
    .m_slots = three_slots,
};

PyMODINIT_FUNC
PyInit_three(void)
{
    return PyModuleDef_Init(&three_module);
}
