/* The part of the interpreter that talks with the host: the exports
   cabi_realloc, cpybuild_realloc and cpybuild_raise, and what is too long to be inline in
   cpybuild.h.  To Python it is the module _cpybuild. */

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

/* What precedes a block that the host got from cabi_realloc().  The guest
   frees it, but a host may err in what it passes back, so that no address is
   freed, or read as a block, that is not one. */
struct cpybuild_block {
    cpybuild_block *next;
    /* What points to this block in the list that it is in. */
    cpybuild_block **link;
    size_t size;
    /* seal_of() of a block that is in use. */
    uintptr_t seal;
};

/* Blocks that the host got outside of calls, or in calls that have no list of
   their own. */
static cpybuild_block *unclaimed = NULL;
cpybuild_block **cpybuild_received = &unclaimed;
cpybuild_block **cpybuild_claims = NULL;

static uintptr_t
seal_of(const cpybuild_block *block)
{
    return (uintptr_t)block ^ (uintptr_t)0x63707962;
}

static void
link_block(cpybuild_block *block, cpybuild_block **list)
{
    block->next = *list;
    block->link = list;
    block->seal = seal_of(block);
    if (block->next != NULL) {
        block->next->link = &block->next;
    }
    *list = block;
}

static void
unlink_block(cpybuild_block *block)
{
    *block->link = block->next;
    if (block->next != NULL) {
        block->next->link = block->link;
    }
    block->seal = 0;
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

/* Return the block that begins at "ptr", or NULL when there is none. */
static cpybuild_block *
block_at(const void *ptr)
{
    cpybuild_block *block;
    if ((uintptr_t)ptr % sizeof(uint64_t) != 0
        || (uintptr_t)ptr < 2 * sizeof(*block) || !is_within_memory(ptr, 0))
    {
        return NULL;
    }
    block = (cpybuild_block *)(uintptr_t)ptr - 1;
    return block->seal == seal_of(block) ? block : NULL;
}

static bool
is_within_blocks(const cpybuild_block *block, const void *ptr, size_t len)
{
    for (; block != NULL; block = block->next) {
        uintptr_t offset = (uintptr_t)ptr - (uintptr_t)(block + 1);
        if (offset <= block->size && len <= block->size - offset) {
            return true;
        }
    }
    return false;
}

bool
cpybuild_is_received(const void *ptr, size_t len,
                     const cpybuild_block *received)
{
    cpybuild_block *block = block_at(ptr);
    if (block != NULL && len <= block->size) {
        if (cpybuild_claims != NULL) {
            unlink_block(block);
            link_block(block, cpybuild_claims);
        }
        return true;
    }
    /* A host may put several values into one block. */
    return is_within_blocks(received, ptr, len)
           || is_within_blocks(unclaimed, ptr, len);
}

static void
free_block(cpybuild_block *block)
{
    unlink_block(block);
    free(block);
}

void
cpybuild_free_received(cpybuild_block *received)
{
    while (received != NULL) {
        cpybuild_block *next = received->next;
        received->seal = 0;
        free(received);
        received = next;
    }
}

void *cpybuild_realloc(void *old, size_t old_size, size_t align,
                       size_t new_size);

/* The allocator of hosts that can tell when memory is full: it then returns
   NULL, and the old block stays as it is.  It uses nothing of Python, so that
   the host may call it at any time.  Alignments of the ABI are at most 8, which
   malloc() guarantees. */
CPYBUILD_EXPORT(cpybuild_realloc)
void *
cpybuild_realloc(void *old, size_t old_size, size_t align, size_t new_size)
{
    cpybuild_block *moved;
    cpybuild_block *block = NULL;
    cpybuild_block **list = cpybuild_received;
    /* An empty block has no memory: its address is only aligned. */
    if (old_size != 0) {
        block = block_at(old);
        if (block == NULL) {
            __builtin_trap();
        }
        if (new_size == 0) {
            free_block(block);
            return (void *)(uintptr_t)align;
        }
        list = block->link;
        unlink_block(block);
    }
    if (new_size == 0) {
        return (void *)(uintptr_t)align;
    }
    moved = new_size > PTRDIFF_MAX - sizeof(*block)
        ? NULL
        : realloc(block, sizeof(*block) + new_size);
    if (moved == NULL) {
        if (block != NULL) {
            link_block(block, list);
        }
        return NULL;
    }
    moved->size = new_size;
    link_block(moved, list);
    return moved + 1;
}

void *cabi_realloc(void *old, size_t old_size, size_t align, size_t new_size);

/* The Canonical ABI's allocator, which has no way to say that memory is full. */
CPYBUILD_EXPORT(cabi_realloc)
void *
cabi_realloc(void *old, size_t old_size, size_t align, size_t new_size)
{
    void *block = cpybuild_realloc(old, old_size, align, new_size);
    if (block == NULL) {
        __builtin_trap();
    }
    return block;
}

void
cpybuild_buffer_free(cpybuild_buffer *buffer)
{
    cpybuild_block *block = buffer->len == 0 ? NULL : block_at(buffer->ptr);
    if (block != NULL) {
        free_block(block);
    }
    buffer->ptr = NULL;
    buffer->len = 0;
}

/* --- Exceptions from the host ---------------------------------------------- */

enum {
    KIND_RUNTIME_ERROR = 0,
    KIND_TYPE_ERROR = 1,
    KIND_OVERFLOW_ERROR = 2,
    KIND_VALUE_ERROR = 3,
    /* What the host returned has no room.  That is no error of the host. */
    KIND_MEMORY_ERROR = 4,
    /* Not for hosts: there is none. */
    KIND_NO_HOST = 5,
};

struct cpybuild_error {
    uint32_t kind;
    cpybuild_buffer message;
    /* Where the host threw, if it tells. */
    cpybuild_buffer stack;
};

static cpybuild_error error_slot;
cpybuild_error *cpybuild_pending = NULL;

static void
forget_pending(void)
{
    if (cpybuild_pending != NULL) {
        cpybuild_buffer_free(&error_slot.message);
        cpybuild_buffer_free(&error_slot.stack);
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
    error_slot.message = (cpybuild_buffer){(uint8_t *)message, length};
    error_slot.stack = (cpybuild_buffer){NULL, 0};
    cpybuild_pending = &error_slot;
}

void cpybuild_raise_stack(char *stack, size_t length);

/* Called by the host after cpybuild_raise(): where the host function threw.
   Bindings of debug builds do that. */
CPYBUILD_EXPORT(cpybuild_raise_stack)
void
cpybuild_raise_stack(char *stack, size_t length)
{
    cpybuild_buffer buffer = {
        (uint8_t *)stack, is_within_memory(stack, length) ? length : 0
    };
    if (cpybuild_pending == NULL) {
        cpybuild_buffer_free(&buffer);
        return;
    }
    cpybuild_buffer_free(&error_slot.stack);
    error_slot.stack = buffer;
}

void
cpybuild_raise_no_host(const char *name)
{
    size_t length = strlen(name);
    uint8_t *copy = cabi_realloc(NULL, 0, 1, length);
    memcpy(copy, name, length);
    forget_pending();
    error_slot.kind = KIND_NO_HOST;
    error_slot.message = (cpybuild_buffer){copy, length};
    error_slot.stack = (cpybuild_buffer){NULL, 0};
    cpybuild_pending = &error_slot;
}

/* HostError and its subclasses, by kind: each is also the builtin exception that
   programs expect for what went wrong. */
enum { HOST_ERROR_KINDS = KIND_MEMORY_ERROR };
static PyObject *host_error = NULL;
static PyObject *host_errors[HOST_ERROR_KINDS];

static void
forget_host_errors(void)
{
    host_error = NULL;
    memset(host_errors, 0, sizeof(host_errors));
}

/* Make the class that is both "base" and HostError. */
static PyObject *
make_host_error(const char *name, const char *doc, PyObject *base)
{
    PyObject *bases = PyTuple_Pack(2, host_error, base);
    PyObject *made;
    if (bases == NULL) {
        return NULL;
    }
    made = PyErr_NewExceptionWithDoc(name, doc, bases, NULL);
    Py_DECREF(bases);
    return made;
}

/* Make the classes when they are needed first. */
static int
need_host_errors(void)
{
    PyObject *names;
    if (host_error != NULL) {
        return 0;
    }
    /* Instances have a stack of their own when the host told one. */
    names = Py_BuildValue("{sO}", "stack", Py_None);
    if (names == NULL) {
        return -1;
    }
    host_error = PyErr_NewExceptionWithDoc(
        "_cpybuild.HostError", "What a function of the host threw.", NULL,
        names);
    Py_DECREF(names);
    if (host_error == NULL) {
        return -1;
    }
    (void)Py_AtExit(forget_host_errors);
    host_errors[KIND_RUNTIME_ERROR] = make_host_error(
        "_cpybuild.HostRuntimeError",
        "A function of the host threw.", PyExc_RuntimeError);
    host_errors[KIND_TYPE_ERROR] = make_host_error(
        "_cpybuild.HostTypeError",
        "The host returned a value of a wrong type.", PyExc_TypeError);
    host_errors[KIND_OVERFLOW_ERROR] = make_host_error(
        "_cpybuild.HostOverflowError",
        "The host returned a number out of range.", PyExc_OverflowError);
    host_errors[KIND_VALUE_ERROR] = make_host_error(
        "_cpybuild.HostValueError",
        "The host returned text that cannot be passed.", PyExc_ValueError);
    for (uint32_t kind = 0; kind < HOST_ERROR_KINDS; kind++) {
        if (host_errors[kind] == NULL) {
            for (kind = 0; kind < HOST_ERROR_KINDS; kind++) {
                Py_CLEAR(host_errors[kind]);
            }
            Py_CLEAR(host_error);
            return -1;
        }
    }
    return 0;
}

int
cpybuild_add_host_error(PyObject *module)
{
    if (need_host_errors() < 0) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "HostError", host_error);
}

/* Make a str of what the host tells. */
static PyObject *
read_text(const cpybuild_buffer *text)
{
    return PyUnicode_DecodeUTF8(text->len == 0 ? "" : (char *)text->ptr,
                                (Py_ssize_t)text->len, "replace");
}

/* Give an exception the stack of the host, which tracebacks show as a note. */
static int
set_stack(PyObject *error, PyObject *stack)
{
    PyObject *answer;
    if (PyObject_SetAttrString(error, "stack", stack) < 0) {
        return -1;
    }
    answer = PyObject_CallMethod(
        error, "add_note", "N",
        PyUnicode_FromFormat("The host's stack:\n%U", stack));
    Py_XDECREF(answer);
    return answer == NULL ? -1 : 0;
}

/* Raise what the host threw.  "stack" may be NULL. */
static void
raise_host_error(uint32_t kind, PyObject *message, PyObject *stack)
{
    PyObject *error;
    if (need_host_errors() < 0) {
        return;
    }
    error = PyObject_CallOneArg(host_errors[kind], message);
    if (error == NULL) {
        return;
    }
    if (stack == NULL || set_stack(error, stack) == 0) {
        PyErr_SetObject(host_errors[kind], error);
    }
    Py_DECREF(error);
}

int
cpybuild_raise_pending(void)
{
    uint32_t kind = error_slot.kind;
    PyObject *message;
    PyObject *stack = NULL;
    if (cpybuild_pending == NULL) {
        return 0;
    }
    message = read_text(&error_slot.message);
    if (message != NULL && error_slot.stack.len != 0) {
        stack = read_text(&error_slot.stack);
        if (stack == NULL) {
            Py_CLEAR(message);
        }
    }
    forget_pending();
    if (message == NULL) {
        return -1;
    }
    if (kind == KIND_NO_HOST) {
        PyErr_Format(PyExc_NotImplementedError,
                     "%U() needs a WebAssembly host", message);
    }
    else if (kind == KIND_MEMORY_ERROR) {
        PyErr_SetObject(PyExc_MemoryError, message);
    }
    else {
        raise_host_error(kind, message, stack);
    }
    Py_XDECREF(stack);
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

int
cpybuild_refuse_type(const cpybuild_function *function, Py_ssize_t index,
                     const char *expected, PyObject *object)
{
    PyErr_Format(PyExc_TypeError, "%s() argument '%s' must be %s, not %.200s",
                 function->name, function->parameters[index], expected,
                 object == Py_None ? "None"
                 : object == Py_NotImplemented ? "unset"
                 : Py_TYPE(object)->tp_name);
    return -1;
}

/* --- Lowering --------------------------------------------------------------- */

/* Give an int by __index__: a new reference, or NULL with an exception set. */
static PyObject *
to_int(const cpybuild_function *function, Py_ssize_t index, PyObject *object)
{
    PyObject *number;
    if (PyLong_Check(object)) {
        return Py_NewRef(object);
    }
    if (!PyIndex_Check(object)) {
        cpybuild_refuse_type(function, index, "int", object);
        return NULL;
    }
    /* Its __index__() may drop the last other reference to it. */
    Py_INCREF(object);
    number = PyNumber_Index(object);
    Py_DECREF(object);
    return number;
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
    bool is_int;
    if (!PyFloat_Check(object)
        && (methods == NULL
            || (methods->nb_float == NULL && methods->nb_index == NULL)))
    {
        return cpybuild_refuse_type(function, index, "float", object);
    }
    /* Its __float__() may drop the last other reference to it. */
    is_int = PyLong_Check(object);
    Py_INCREF(object);
    *value = PyFloat_AsDouble(object);
    Py_DECREF(object);
    if (*value != -1.0 || !PyErr_Occurred()) {
        return 0;
    }
    if (is_int && PyErr_ExceptionMatches(PyExc_OverflowError)) {
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
        return cpybuild_refuse_type(function, index, "bool", object);
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
        return cpybuild_refuse_type(function, index, "a one-character str", object);
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
        return cpybuild_refuse_type(function, index, "str", object);
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
        return cpybuild_refuse_type(function, index, "a bytes-like object", object);
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

/* Add to an exception about a wrong value where that value is: "path" in what
   the host returned from "function".  Other exceptions stay as they are. */
void
cpybuild_blame_host(const char *function, const char *path)
{
    PyObject *type, *error, *traceback, *old, *text = NULL;
    bool decoding = PyErr_ExceptionMatches(PyExc_UnicodeDecodeError);
    if (!decoding && (*path == '\0' || !PyErr_ExceptionMatches(PyExc_SystemError))) {
        return;
    }
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    old = decoding ? PyUnicodeDecodeError_GetReason(error) : PyObject_Str(error);
    if (old != NULL) {
        text = decoding
            ? PyUnicode_FromFormat("%U, in %s%sthe result of %s()", old, path,
                                   *path == '\0' ? "" : " of ", function)
            : PyUnicode_FromFormat("%U in %s", old, path);
        Py_DECREF(old);
    }
    if (text != NULL && decoding) {
        const char *reason = PyUnicode_AsUTF8(text);
        if (reason != NULL) {
            (void)PyUnicodeDecodeError_SetReason(error, reason);
        }
    }
    else if (text != NULL) {
        Py_XSETREF(error, text);
        text = NULL;
    }
    Py_XDECREF(text);
    PyErr_Restore(type, error, traceback);
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
    if (value->len == 0
        || cpybuild_is_received(value->ptr, value->len, *cpybuild_received))
    {
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
        if (text == NULL) {
            cpybuild_blame_host(function, "");
        }
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
        cpybuild_blame_host(function, "");
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

static int
cpybuild_exec(PyObject *module)
{
    static const char *const names[] = {
        "HostRuntimeError", "HostTypeError", "HostOverflowError",
        "HostValueError"
    };
    if (cpybuild_add_host_error(module) < 0) {
        return -1;
    }
    for (uint32_t kind = 0; kind < HOST_ERROR_KINDS; kind++) {
        if (PyModule_AddObjectRef(module, names[kind], host_errors[kind]) < 0) {
            return -1;
        }
    }
    return 0;
}

static PyModuleDef_Slot cpybuild_slots[] = {
    {Py_mod_exec, cpybuild_exec},
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

/* --- Attributes ----------------------------------------------------------------- */

PyObject *
cpybuild_get_attribute(PyObject *object, const char *name)
{
    PyObject *interned = PyUnicode_InternFromString(name);
    PyObject *attribute;
    if (interned == NULL) {
        return NULL;
    }
    attribute = PyObject_GetAttr(object, interned);
    Py_DECREF(interned);
    return attribute;
}

PyObject *
cpybuild_call_method(PyObject *object, const char *name, PyObject *argument)
{
    PyObject *method = cpybuild_get_attribute(object, name);
    PyObject *answer;
    if (method == NULL) {
        return NULL;
    }
    answer = PyObject_CallFunctionObjArgs(method, argument, NULL);
    Py_DECREF(method);
    return answer;
}
