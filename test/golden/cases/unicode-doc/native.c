#include "spoken_imports.h"

static PyObject *
spoken_say(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (spoken_host_say("text", 4) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyMethodDef spoken_methods[] = {
    {"say", spoken_say, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL}
};

static PyModuleDef_Slot spoken_slots[] = {
    {0, NULL}
};

static struct PyModuleDef spoken_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "spoken",
    .m_size = 0,
    .m_methods = spoken_methods,
    .m_slots = spoken_slots,
};

PyMODINIT_FUNC
PyInit_spoken(void)
{
    return PyModuleDef_Init(&spoken_module);
}
