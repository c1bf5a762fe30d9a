#include "native_imports.h"

static PyObject *
native_take_bool(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_bool(true) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
native_take_s8(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_s8(1) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
native_take_s16(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_s16(1) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
native_take_s32(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_s32(1) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
native_take_s64(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_s64(1) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
native_take_u8(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_u8(1) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
native_take_u16(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_u16(1) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
native_take_u32(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_u32(1) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
native_take_u64(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_u64(1) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
native_take_f32(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_f32(1) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
native_take_f64(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_f64(1) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
native_take_char(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_char('c') < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
native_take_string(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_string("text", 4) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
native_take_bytes(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_bytes((const uint8_t *)"bytes", 5) < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *
native_take_nothing(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_take_nothing() < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyMethodDef native_methods[] = {
    {"take_bool", native_take_bool, METH_NOARGS, NULL},
    {"take_s8", native_take_s8, METH_NOARGS, NULL},
    {"take_s16", native_take_s16, METH_NOARGS, NULL},
    {"take_s32", native_take_s32, METH_NOARGS, NULL},
    {"take_s64", native_take_s64, METH_NOARGS, NULL},
    {"take_u8", native_take_u8, METH_NOARGS, NULL},
    {"take_u16", native_take_u16, METH_NOARGS, NULL},
    {"take_u32", native_take_u32, METH_NOARGS, NULL},
    {"take_u64", native_take_u64, METH_NOARGS, NULL},
    {"take_f32", native_take_f32, METH_NOARGS, NULL},
    {"take_f64", native_take_f64, METH_NOARGS, NULL},
    {"take_char", native_take_char, METH_NOARGS, NULL},
    {"take_string", native_take_string, METH_NOARGS, NULL},
    {"take_bytes", native_take_bytes, METH_NOARGS, NULL},
    {"take_nothing", native_take_nothing, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL}
};

static PyModuleDef_Slot native_slots[] = {
    {0, NULL}
};

static struct PyModuleDef native_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "native",
    .m_size = 0,
    .m_methods = native_methods,
    .m_slots = native_slots,
};

PyMODINIT_FUNC
PyInit_native(void)
{
    return PyModuleDef_Init(&native_module);
}
