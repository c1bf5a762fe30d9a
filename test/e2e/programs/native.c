/* Calls the host through the checked calls of native_imports.h. */

#include "native_imports.h"

static PyObject *
native_number(PyObject *Py_UNUSED(module), PyObject *arg)
{
    int8_t number;
    Py_ssize_t length;
    const char *what = PyUnicode_AsUTF8AndSize(arg, &length);
    if (what == NULL) {
        return NULL;
    }
    if (native_host_number(what, (size_t)length, &number) < 0) {
        return NULL;
    }
    return PyLong_FromLong(number);
}

static PyObject *
native_text(PyObject *Py_UNUSED(module), PyObject *arg)
{
    cpybuild_buffer text;
    PyObject *answer;
    Py_ssize_t length;
    const char *what = PyUnicode_AsUTF8AndSize(arg, &length);
    if (what == NULL) {
        return NULL;
    }
    if (native_host_text(what, (size_t)length, &text) < 0) {
        return NULL;
    }
    answer = PyUnicode_FromStringAndSize((const char *)text.ptr,
                                         (Py_ssize_t)text.len);
    cpybuild_buffer_free(&text);
    return answer;
}

static PyObject *
native_content(PyObject *Py_UNUSED(module), PyObject *arg)
{
    cpybuild_buffer content;
    PyObject *answer;
    Py_ssize_t length;
    const char *what = PyUnicode_AsUTF8AndSize(arg, &length);
    if (what == NULL) {
        return NULL;
    }
    if (native_host_content(what, (size_t)length, &content) < 0) {
        return NULL;
    }
    answer = PyBytes_FromStringAndSize((const char *)content.ptr,
                                       (Py_ssize_t)content.len);
    cpybuild_buffer_free(&content);
    return answer;
}

static PyObject *
native_log(PyObject *Py_UNUSED(module), PyObject *arg)
{
    Py_ssize_t length;
    const char *text = PyUnicode_AsUTF8AndSize(arg, &length);
    if (text == NULL) {
        return NULL;
    }
    if (native_host_log(255, text, (size_t)length) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
native_many(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    cpybuild_buffer text;
    PyObject *answer;
    if (native_host_many(1, UINT64_MAX, true, 65535, 0.5f, "s\xC3\xAD", 3, -8,
                         (const uint8_t *)"\0\377", 2, 0x1F40D, -0.25, -32768,
                         12, INT64_MIN, UINT32_MAX, -15, &text) < 0)
    {
        return NULL;
    }
    answer = PyUnicode_FromStringAndSize((const char *)text.ptr,
                                         (Py_ssize_t)text.len);
    cpybuild_buffer_free(&text);
    return answer;
}

static PyObject *
native_beyond(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    uint8_t number;
    if (native_host_beyond(&number) < 0) {
        return NULL;
    }
    return PyLong_FromLong(number);
}

static PyMethodDef native_methods[] = {
    {"number", native_number, METH_O, NULL},
    {"text", native_text, METH_O, NULL},
    {"content", native_content, METH_O, NULL},
    {"log", native_log, METH_O, NULL},
    {"many", native_many, METH_NOARGS, NULL},
    {"beyond", native_beyond, METH_NOARGS, NULL},
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
