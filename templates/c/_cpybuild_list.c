/* Lists and tuples. */

#include "cpybuild_types.h"

#include <string.h>

/* --- Lowering ----------------------------------------------------------------- */

PyObject *
cpybuild_open_list(cpybuild_call *call, PyObject *object, size_t size,
                   cpybuild_list *value)
{
    PyObject *sequence;
    if (!PySequence_Check(object)) {
        cpybuild_refuse(call, "a sequence", object);
        return NULL;
    }
    sequence = PySequence_Fast(object, "not a sequence");
    if (sequence == NULL) {
        return NULL;
    }
    value->len = (size_t)PySequence_Fast_GET_SIZE(sequence);
    value->ptr = NULL;
    if (value->len != 0) {
        value->ptr = cpybuild_allocate(call, value->len, size);
        if (value->ptr == NULL) {
            Py_DECREF(sequence);
            return NULL;
        }
    }
    return sequence;
}

PyObject *
cpybuild_element_slowly(void)
{
    PyErr_SetString(PyExc_RuntimeError, "list changed size during the call");
    return NULL;
}

/* Tell whether a buffer's elements are such numbers.  The order of bytes is that
   of this machine, which is the host's. */
static bool
are_numbers(const Py_buffer *view, const char *letters, size_t size)
{
    const char *format = view->format == NULL ? "B" : view->format;
    if (view->ndim != 1 || (size_t)view->itemsize != size) {
        return false;
    }
    if (*format == '@' || *format == '=' || *format == '<') {
        format++;
    }
    return *format != '\0' && strchr(letters, *format) != NULL
           && format[1] == '\0';
}

/* Copy what cannot be passed as it is. */
static int
copy_numbers(cpybuild_call *call, Py_buffer *view, cpybuild_list *value)
{
    value->ptr = cpybuild_allocate(call, (size_t)view->len, 1);
    if (value->ptr == NULL) {
        return -1;
    }
    return PyBuffer_ToContiguous(value->ptr, view, view->len, 'C');
}

int
cpybuild_lower_numbers(cpybuild_call *call, PyObject *object,
                       const char *letters, size_t size, cpybuild_list *value)
{
    cpybuild_hold *hold;
    Py_buffer *view;
    if (PyList_CheckExact(object) || !PyObject_CheckBuffer(object)) {
        return 0;
    }
    hold = PyMem_Malloc(sizeof(*hold));
    if (hold == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    view = &hold->view;
    if (PyObject_GetBuffer(object, view, PyBUF_RECORDS_RO) < 0) {
        PyMem_Free(hold);
        return -1;
    }
    if (!are_numbers(view, letters, size)) {
        PyBuffer_Release(view);
        PyMem_Free(hold);
        return 0;
    }
    hold->next = call->held;
    call->held = hold;
    value->len = (size_t)view->len / size;
    value->ptr = view->buf;
    if (value->len == 0) {
        value->ptr = NULL;
    }
    else if (!PyBuffer_IsContiguous(view, 'C')
             || (uintptr_t)view->buf % size != 0)
    {
        return copy_numbers(call, view, value) < 0 ? -1 : 1;
    }
    return 1;
}

int
cpybuild_refuse_tuple(cpybuild_call *call, PyObject *object, Py_ssize_t count)
{
    if (PyTuple_Check(object)) {
        PyErr_Format(PyExc_TypeError,
                     "%s() argument '%s' must be a tuple of %zd, not of %zd",
                     call->function->name,
                     call->function->parameters[call->index], count,
                     PyTuple_GET_SIZE(object));
        return -1;
    }
    return cpybuild_refuse(call, "tuple", object);
}

/* --- Lifting -------------------------------------------------------------------- */

void *
cpybuild_reach(cpybuild_call *call, const cpybuild_list *value, size_t size,
               size_t align)
{
    /* Any place will do for a list that is empty. */
    static uint64_t nowhere = 0;
    uint64_t length = (uint64_t)value->len * size;
    if (value->len == 0) {
        return &nowhere;
    }
    if (length > SIZE_MAX || (uintptr_t)value->ptr % align != 0
        || !cpybuild_is_received(value->ptr, (size_t)length, call->received))
    {
        return NULL;
    }
    return value->ptr;
}

const void *
cpybuild_open_received(cpybuild_call *call, const cpybuild_list *value,
                       size_t size, size_t align, const char *type)
{
    const void *elements = cpybuild_reach(call, value, size, align);
    return elements == NULL ? cpybuild_refuse_value(call, type) : elements;
}

PyObject *
cpybuild_lift_numbers(cpybuild_call *call, const cpybuild_list *value,
                      size_t size, const char *typecode, const char *type)
{
    const void *numbers = cpybuild_open_received(call, value, size, size, type);
    PyObject *module, *code, *array, *view, *answer = NULL;
    if (numbers == NULL) {
        return NULL;
    }
    module = PyImport_ImportModule("array");
    if (module == NULL) {
        return NULL;
    }
    code = PyUnicode_FromString(typecode);
    array = code == NULL ? NULL : cpybuild_call_method(module, "array", code);
    Py_XDECREF(code);
    Py_DECREF(module);
    if (array == NULL || value->len == 0) {
        return array;
    }
    view = PyMemoryView_FromMemory((char *)(uintptr_t)numbers,
                                   (Py_ssize_t)(value->len * size), PyBUF_READ);
    if (view != NULL) {
        answer = cpybuild_call_method(array, "frombytes", view);
        Py_DECREF(view);
    }
    if (answer == NULL) {
        Py_DECREF(array);
        return NULL;
    }
    Py_DECREF(answer);
    return array;
}
