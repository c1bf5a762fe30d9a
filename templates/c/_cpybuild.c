/* The part of the interpreter that talks with the host: the exports
   cabi_realloc and cpybuild_raise, and what is too long to be inline in
   cpybuild.h.  To Python it is the empty module _cpybuild. */

#include "cpybuild.h"

#include <stdlib.h>
#include <string.h>

#ifdef __wasm__
#  define CPYBUILD_EXPORT(NAME)                                                \
    __attribute__((export_name(#NAME), visibility("default")))
#else
#  define CPYBUILD_EXPORT(NAME)
#endif

/* --- Memory that the host fills ------------------------------------------- */

void *cabi_realloc(void *old, size_t old_size, size_t align, size_t new_size);

/* The Canonical ABI's allocator.  It uses nothing of Python, so that the host
   may call it at any time.  Alignments of the ABI are at most 8, which malloc()
   guarantees. */
CPYBUILD_EXPORT(cabi_realloc)
void *
cabi_realloc(void *old, size_t old_size, size_t align, size_t new_size)
{
    void *memory;
    if (old_size == 0) {
        /* An empty block has no memory: its address is only aligned. */
        old = NULL;
    }
    if (new_size == 0) {
        free(old);
        return (void *)(uintptr_t)align;
    }
    memory = realloc(old, new_size);
    if (memory == NULL) {
        __builtin_trap();
    }
    return memory;
}

/* Free a block that the host got from cabi_realloc(). */
static void
free_block(void *ptr, size_t len)
{
    if (len != 0) {
        free(ptr);
    }
}

static bool
is_within_memory(const void *ptr, size_t len)
{
#ifdef __wasm__
    uint64_t end = (uint64_t)(uintptr_t)ptr + len;
    return end <= (uint64_t)__builtin_wasm_memory_size(0) * 65536;
#else
    (void)ptr;
    (void)len;
    return true;
#endif
}

void
cpybuild_buffer_free(cpybuild_buffer *buffer)
{
    free_block(buffer->ptr, buffer->len);
    buffer->ptr = NULL;
    buffer->len = 0;
}

/* --- Exceptions from the host ---------------------------------------------- */

enum {
    KIND_RUNTIME_ERROR = 0,
    KIND_TYPE_ERROR = 1,
    KIND_OVERFLOW_ERROR = 2,
    KIND_VALUE_ERROR = 3,
    /* Not for hosts: there is none. */
    KIND_NO_HOST = 4,
};

struct cpybuild_error {
    uint32_t kind;
    char *message;
    size_t length;
};

static cpybuild_error error_slot;
cpybuild_error *cpybuild_pending = NULL;

static void
forget_pending(void)
{
    if (cpybuild_pending != NULL) {
        free_block(error_slot.message, error_slot.length);
        cpybuild_pending = NULL;
    }
}

void cpybuild_raise(uint32_t kind, char *message, size_t length);

/* Called by the host while it runs an import: the import's stub raises when
   the host returns.  No Python here, it may be in any state. */
CPYBUILD_EXPORT(cpybuild_raise)
void
cpybuild_raise(uint32_t kind, char *message, size_t length)
{
    forget_pending();
    if (!is_within_memory(message, length)) {
        length = 0;
    }
    error_slot.kind = kind < KIND_NO_HOST ? kind : KIND_RUNTIME_ERROR;
    error_slot.message = message;
    error_slot.length = length;
    cpybuild_pending = &error_slot;
}

void
cpybuild_raise_no_host(const char *name)
{
    size_t length = strlen(name);
    char *copy = length == 0 ? NULL : malloc(length);
    if (copy == NULL) {
        length = 0;
    }
    else {
        memcpy(copy, name, length);
    }
    forget_pending();
    error_slot.kind = KIND_NO_HOST;
    error_slot.message = copy;
    error_slot.length = length;
    cpybuild_pending = &error_slot;
}

static PyObject *
exception_of_kind(uint32_t kind)
{
    switch (kind) {
    case KIND_TYPE_ERROR:
        return PyExc_TypeError;
    case KIND_OVERFLOW_ERROR:
        return PyExc_OverflowError;
    case KIND_VALUE_ERROR:
        return PyExc_ValueError;
    case KIND_NO_HOST:
        return PyExc_NotImplementedError;
    default:
        return PyExc_RuntimeError;
    }
}

int
cpybuild_raise_pending(void)
{
    uint32_t kind = error_slot.kind;
    PyObject *message;
    if (cpybuild_pending == NULL) {
        return 0;
    }
    message = PyUnicode_DecodeUTF8(
        error_slot.length == 0 ? "" : error_slot.message,
        (Py_ssize_t)error_slot.length, "replace");
    forget_pending();
    if (message == NULL) {
        return -1;
    }
    if (kind == KIND_NO_HOST) {
        PyErr_Format(PyExc_NotImplementedError,
                     "%U() needs a WebAssembly host", message);
    }
    else {
        PyErr_SetObject(exception_of_kind(kind), message);
    }
    Py_DECREF(message);
    return -1;
}

/* --- Arguments -------------------------------------------------------------- */

static const char *
plural(Py_ssize_t count)
{
    return count == 1 ? "" : "s";
}

/* Return the parameter that "keyword" names, or -1. */
static Py_ssize_t
find_parameter(const cpybuild_function *function, PyObject *keyword)
{
    for (Py_ssize_t i = 0; i < function->count; i++) {
        if (PyUnicode_CompareWithASCIIString(keyword,
                                             function->parameters[i]) == 0)
        {
            return i;
        }
    }
    return -1;
}

PyObject *const *
cpybuild_bind_slowly(const cpybuild_function *function, PyObject *const *args,
                     Py_ssize_t nargs, PyObject *kwnames, PyObject **values)
{
    Py_ssize_t nkwargs = kwnames == NULL ? 0 : PyTuple_GET_SIZE(kwnames);
    if (nargs > function->count) {
        PyErr_Format(PyExc_TypeError,
                     "%s() takes %s %zd positional argument%s (%zd given)",
                     function->name,
                     function->required < function->count ? "at most"
                                                          : "exactly",
                     function->count, plural(function->count), nargs);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < nargs; i++) {
        values[i] = args[i];
    }
    for (Py_ssize_t i = nargs; i < function->count; i++) {
        values[i] = NULL;
    }
    for (Py_ssize_t k = 0; k < nkwargs; k++) {
        PyObject *keyword = PyTuple_GET_ITEM(kwnames, k);
        Py_ssize_t i = find_parameter(function, keyword);
        if (i < 0) {
            PyErr_Format(PyExc_TypeError,
                         "%s() got an unexpected keyword argument '%U'",
                         function->name, keyword);
            return NULL;
        }
        if (values[i] != NULL) {
            PyErr_Format(PyExc_TypeError,
                         "%s() got multiple values for argument '%U'",
                         function->name, keyword);
            return NULL;
        }
        values[i] = args[nargs + k];
    }
    for (Py_ssize_t i = nargs; i < function->required; i++) {
        if (values[i] == NULL) {
            PyErr_Format(PyExc_TypeError,
                         "%s() missing required argument '%s' (pos %zd)",
                         function->name, function->parameters[i], i + 1);
            return NULL;
        }
    }
    return values;
}

static int
refuse_type(const cpybuild_function *function, Py_ssize_t index,
            const char *expected, PyObject *object)
{
    PyErr_Format(PyExc_TypeError, "%s() argument '%s' must be %s, not %.200s",
                 function->name, function->parameters[index], expected,
                 object == Py_None ? "None" : Py_TYPE(object)->tp_name);
    return -1;
}

/* --- Lowering --------------------------------------------------------------- */

/* Give an int by __index__: a new reference, or NULL with an exception set. */
static PyObject *
to_int(const cpybuild_function *function, Py_ssize_t index, PyObject *object)
{
    if (PyLong_Check(object)) {
        return Py_NewRef(object);
    }
    if (!PyIndex_Check(object)) {
        refuse_type(function, index, "int", object);
        return NULL;
    }
    return PyNumber_Index(object);
}

int
cpybuild_lower_integer(const cpybuild_function *function, Py_ssize_t index,
                       PyObject *object, int64_t min, int64_t max,
                       int64_t *value)
{
    int overflow;
    PyObject *number = to_int(function, index, object);
    if (number == NULL) {
        return -1;
    }
    *value = PyLong_AsLongLongAndOverflow(number, &overflow);
    Py_DECREF(number);
    if (overflow != 0 || *value < min || *value > max) {
        PyErr_Format(PyExc_OverflowError,
                     "%s() argument '%s' must be between %lld and %lld",
                     function->name, function->parameters[index],
                     (long long)min, (long long)max);
        return -1;
    }
    return 0;
}

int
cpybuild_lower_u64(const cpybuild_function *function, Py_ssize_t index,
                   PyObject *object, uint64_t *value)
{
    PyObject *number = to_int(function, index, object);
    if (number == NULL) {
        return -1;
    }
    *value = PyLong_AsUnsignedLongLong(number);
    Py_DECREF(number);
    if (*value == UINT64_MAX && PyErr_Occurred()) {
        PyErr_Format(PyExc_OverflowError,
                     "%s() argument '%s' must be between 0 and %llu",
                     function->name, function->parameters[index],
                     (unsigned long long)UINT64_MAX);
        return -1;
    }
    return 0;
}

int
cpybuild_lower_real(const cpybuild_function *function, Py_ssize_t index,
                    PyObject *object, double *value)
{
    PyNumberMethods *methods = Py_TYPE(object)->tp_as_number;
    if (!PyFloat_Check(object)
        && (methods == NULL
            || (methods->nb_float == NULL && methods->nb_index == NULL)))
    {
        return refuse_type(function, index, "float", object);
    }
    *value = PyFloat_AsDouble(object);
    if (*value != -1.0 || !PyErr_Occurred()) {
        return 0;
    }
    if (PyLong_Check(object) && PyErr_ExceptionMatches(PyExc_OverflowError)) {
        PyErr_Format(PyExc_OverflowError,
                     "%s() argument '%s' is too large for a float",
                     function->name, function->parameters[index]);
    }
    return -1;
}

int
cpybuild_refuse_f32(const cpybuild_function *function, Py_ssize_t index)
{
    PyErr_Format(PyExc_OverflowError,
                 "%s() argument '%s' must be between -3.4028235e+38 and "
                 "3.4028235e+38",
                 function->name, function->parameters[index]);
    return -1;
}

int
cpybuild_lower_bool(const cpybuild_function *function, Py_ssize_t index,
                    PyObject *object, bool *value)
{
    if (!PyBool_Check(object)) {
        return refuse_type(function, index, "bool", object);
    }
    *value = object == Py_True;
    return 0;
}

int
cpybuild_lower_char(const cpybuild_function *function, Py_ssize_t index,
                    PyObject *object, uint32_t *value)
{
    Py_ssize_t length;
    if (!PyUnicode_Check(object)) {
        return refuse_type(function, index, "a one-character str", object);
    }
    length = PyUnicode_GetLength(object);
    if (length != 1) {
        PyErr_Format(PyExc_TypeError,
                     "%s() argument '%s' must be a one-character str, "
                     "not a str of length %zd",
                     function->name, function->parameters[index], length);
        return -1;
    }
    *value = PyUnicode_ReadChar(object, 0);
    if (Py_UNICODE_IS_SURROGATE(*value)) {
        /* For its UnicodeEncodeError. */
        (void)PyUnicode_AsUTF8AndSize(object, NULL);
        return -1;
    }
    return 0;
}

int
cpybuild_lower_string(const cpybuild_function *function, Py_ssize_t index,
                      PyObject *object, cpybuild_string *value)
{
    Py_ssize_t length;
    if (!PyUnicode_Check(object)) {
        return refuse_type(function, index, "str", object);
    }
    value->ptr = PyUnicode_AsUTF8AndSize(object, &length);
    if (value->ptr == NULL) {
        return -1;
    }
    value->len = (size_t)length;
    return 0;
}

int
cpybuild_lower_buffer(const cpybuild_function *function, Py_ssize_t index,
                      PyObject *object, cpybuild_bytes *value,
                      cpybuild_hold **held)
{
    cpybuild_hold *hold;
    if (!PyObject_CheckBuffer(object)) {
        return refuse_type(function, index, "a bytes-like object", object);
    }
    hold = PyMem_Malloc(sizeof(*hold));
    if (hold == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (PyObject_GetBuffer(object, &hold->view, PyBUF_SIMPLE) < 0) {
        PyMem_Free(hold);
        return -1;
    }
    hold->next = *held;
    *held = hold;
    value->ptr = hold->view.buf;
    value->len = (size_t)hold->view.len;
    return 0;
}

void
cpybuild_release_slowly(cpybuild_hold *held)
{
    while (held != NULL) {
        cpybuild_hold *next = held->next;
        PyBuffer_Release(&held->view);
        PyMem_Free(held);
        held = next;
    }
}

/* --- Lifting ---------------------------------------------------------------- */

int
cpybuild_refuse_result(const char *function, const char *type)
{
    PyErr_Format(PyExc_SystemError,
                 "the host returned from %s() what is not a valid %s",
                 function, type);
    return -1;
}

int
cpybuild_check_char(const char *function, uint32_t value)
{
    if (value > 0x10FFFF || Py_UNICODE_IS_SURROGATE(value)) {
        return cpybuild_refuse_result(function, "char");
    }
    return 0;
}

PyObject *
cpybuild_lift_char(const char *function, uint32_t value)
{
    if (cpybuild_check_char(function, value) < 0) {
        return NULL;
    }
    return PyUnicode_FromOrdinal((int)value);
}

static int
check_place(const char *function, const char *type, cpybuild_buffer *value)
{
    if (is_within_memory(value->ptr, value->len)) {
        return 0;
    }
    value->ptr = NULL;
    value->len = 0;
    return cpybuild_refuse_result(function, type);
}

static PyObject *
decode(const cpybuild_buffer *value)
{
    if (value->len == 0) {
        return PyUnicode_FromStringAndSize(NULL, 0);
    }
    return PyUnicode_DecodeUTF8((const char *)value->ptr,
                                (Py_ssize_t)value->len, NULL);
}

PyObject *
cpybuild_lift_string(const char *function, cpybuild_buffer *value)
{
    PyObject *text = NULL;
    if (check_place(function, "string", value) == 0) {
        text = decode(value);
    }
    cpybuild_buffer_free(value);
    return text;
}

PyObject *
cpybuild_lift_bytes(const char *function, cpybuild_buffer *value)
{
    PyObject *bytes = NULL;
    if (check_place(function, "list<u8>", value) == 0) {
        bytes = PyBytes_FromStringAndSize((const char *)value->ptr,
                                          (Py_ssize_t)value->len);
    }
    cpybuild_buffer_free(value);
    return bytes;
}

int
cpybuild_check_string(const char *function, cpybuild_buffer *value)
{
    PyObject *text;
    if (check_place(function, "string", value) < 0) {
        return -1;
    }
    text = decode(value);
    if (text == NULL) {
        cpybuild_buffer_free(value);
        return -1;
    }
    Py_DECREF(text);
    return 0;
}

int
cpybuild_check_bytes(const char *function, cpybuild_buffer *value)
{
    return check_place(function, "list<u8>", value);
}

/* --- The module -------------------------------------------------------------- */

PyDoc_STRVAR(cpybuild__doc__,
"What connects the interpreter with its host program.");

static PyModuleDef_Slot cpybuild_slots[] = {
    {0, NULL}
};

static struct PyModuleDef cpybuild_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_cpybuild",
    .m_doc = cpybuild__doc__,
    .m_size = 0,
    .m_slots = cpybuild_slots,
};

PyMODINIT_FUNC
PyInit__cpybuild(void)
{
    return PyModuleDef_Init(&cpybuild_module);
}
