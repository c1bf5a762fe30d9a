#include "right_imports.h"

int right_level(void);


static PyObject *
right_log(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (right_host_log((uint8_t)right_level(), "text", 4) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
right_is_quiet(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    bool quiet;
    if (right_host_is_quiet(&quiet) < 0) {
        return NULL;
    }
    return PyBool_FromLong(quiet);
}

static PyObject *
right_weight(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    float weight;
    if (right_host_weight('x', &weight) < 0) {
        return NULL;
    }
    return PyFloat_FromDouble((double)weight);
}

static PyMethodDef right_methods[] = {
    {"log", right_log, METH_NOARGS, NULL},
    {"is_quiet", right_is_quiet, METH_NOARGS, NULL},
    {"weight", right_weight, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL}
};

static PyModuleDef_Slot right_slots[] = {
    {0, NULL}
};

static struct PyModuleDef right_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "right",
    .m_size = 0,
    .m_methods = right_methods,
    .m_slots = right_slots,
};

PyMODINIT_FUNC
PyInit_right(void)
{
    return PyModuleDef_Init(&right_module);
}
