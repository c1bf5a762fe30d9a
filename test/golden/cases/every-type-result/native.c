#include "native_imports.h"

static PyObject *
native_give_bool(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    bool value;
    if (native_host_give_bool(&value) < 0) {
        return NULL;
    }
    return PyBool_FromLong(value);
}

static PyObject *
native_give_s8(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    int8_t value;
    if (native_host_give_s8(&value) < 0) {
        return NULL;
    }
    return PyLong_FromLong(value);
}

static PyObject *
native_give_s16(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    int16_t value;
    if (native_host_give_s16(&value) < 0) {
        return NULL;
    }
    return PyLong_FromLong(value);
}

static PyObject *
native_give_s32(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    int32_t value;
    if (native_host_give_s32(&value) < 0) {
        return NULL;
    }
    return PyLong_FromLong(value);
}

static PyObject *
native_give_s64(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    int64_t value;
    if (native_host_give_s64(&value) < 0) {
        return NULL;
    }
    return PyLong_FromLongLong(value);
}

static PyObject *
native_give_u8(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    uint8_t value;
    if (native_host_give_u8(&value) < 0) {
        return NULL;
    }
    return PyLong_FromLong(value);
}

static PyObject *
native_give_u16(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    uint16_t value;
    if (native_host_give_u16(&value) < 0) {
        return NULL;
    }
    return PyLong_FromLong(value);
}

static PyObject *
native_give_u32(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    uint32_t value;
    if (native_host_give_u32(&value) < 0) {
        return NULL;
    }
    return PyLong_FromUnsignedLong(value);
}

static PyObject *
native_give_u64(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    uint64_t value;
    if (native_host_give_u64(&value) < 0) {
        return NULL;
    }
    return PyLong_FromUnsignedLongLong(value);
}

static PyObject *
native_give_f32(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    float value;
    if (native_host_give_f32(&value) < 0) {
        return NULL;
    }
    return PyFloat_FromDouble((double)value);
}

static PyObject *
native_give_f64(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    double value;
    if (native_host_give_f64(&value) < 0) {
        return NULL;
    }
    return PyFloat_FromDouble(value);
}

static PyObject *
native_give_char(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    uint32_t value;
    if (native_host_give_char(&value) < 0) {
        return NULL;
    }
    return PyUnicode_FromOrdinal((int)value);
}

static PyObject *
native_give_string(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    cpybuild_buffer value;
    PyObject *answer;
    if (native_host_give_string(&value) < 0) {
        return NULL;
    }
    answer = PyUnicode_FromStringAndSize((const char *)value.ptr,
             (Py_ssize_t)value.len);
    cpybuild_buffer_free(&value);
    return answer;
}

static PyObject *
native_give_bytes(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    cpybuild_buffer value;
    PyObject *answer;
    if (native_host_give_bytes(&value) < 0) {
        return NULL;
    }
    answer = PyBytes_FromStringAndSize((const char *)value.ptr,
             (Py_ssize_t)value.len);
    cpybuild_buffer_free(&value);
    return answer;
}

static PyObject *
native_give_nothing(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    if (native_host_give_nothing() < 0) {
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyMethodDef native_methods[] = {
    {"give_bool", native_give_bool, METH_NOARGS, NULL},
    {"give_s8", native_give_s8, METH_NOARGS, NULL},
    {"give_s16", native_give_s16, METH_NOARGS, NULL},
    {"give_s32", native_give_s32, METH_NOARGS, NULL},
    {"give_s64", native_give_s64, METH_NOARGS, NULL},
    {"give_u8", native_give_u8, METH_NOARGS, NULL},
    {"give_u16", native_give_u16, METH_NOARGS, NULL},
    {"give_u32", native_give_u32, METH_NOARGS, NULL},
    {"give_u64", native_give_u64, METH_NOARGS, NULL},
    {"give_f32", native_give_f32, METH_NOARGS, NULL},
    {"give_f64", native_give_f64, METH_NOARGS, NULL},
    {"give_char", native_give_char, METH_NOARGS, NULL},
    {"give_string", native_give_string, METH_NOARGS, NULL},
    {"give_bytes", native_give_bytes, METH_NOARGS, NULL},
    {"give_nothing", native_give_nothing, METH_NOARGS, NULL},
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
