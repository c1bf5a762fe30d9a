/* What a call of a host function needs besides its flat arguments: memory, the
   objects that the host reads from, and where in a value an error is. */

#include "cpybuild_types.h"

#include <stdlib.h>
#include <string.h>

/* --- Memory ------------------------------------------------------------------ */

struct cpybuild_chunk {
    cpybuild_chunk *next;
    uint64_t memory[];
};

struct cpybuild_kept {
    cpybuild_kept *next;
    PyObject *object;
};

/* Chunks grow no further than this, for values that are smaller. */
enum { CHUNK_SIZE = 4096 };

void *
cpybuild_allocate(cpybuild_call *call, size_t count, size_t size)
{
    uint64_t needed = ((uint64_t)count * size + 7) & ~(uint64_t)7;
    cpybuild_chunk *chunk;
    void *memory = call->room;
    if (needed <= (uint64_t)(call->room_end - call->room)) {
        call->room += (size_t)needed;
        return memory;
    }
    if (needed > PY_SSIZE_T_MAX - CHUNK_SIZE) {
        PyErr_NoMemory();
        return NULL;
    }
    chunk = malloc(sizeof(*chunk)
                   + (needed > CHUNK_SIZE ? (size_t)needed : CHUNK_SIZE));
    if (chunk == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    chunk->next = call->chunks;
    call->chunks = chunk;
    if (needed < CHUNK_SIZE) {
        call->room = (char *)chunk->memory + (size_t)needed;
        call->room_end = (char *)chunk->memory + CHUNK_SIZE;
    }
    return chunk->memory;
}

int
cpybuild_keep(cpybuild_call *call, PyObject *object)
{
    cpybuild_kept *kept = cpybuild_allocate(call, 1, sizeof(*kept));
    if (kept == NULL) {
        return -1;
    }
    kept->object = Py_NewRef(object);
    kept->next = call->kept;
    call->kept = kept;
    return 0;
}

/* Give back resources that were to be given away. */
static void
return_given(cpybuild_resource *given)
{
    while (given != NULL) {
        cpybuild_resource *next = given->next;
        if (given->state == CPYBUILD_GIVEN) {
            given->state = CPYBUILD_OPEN;
        }
        Py_DECREF(given);
        given = next;
    }
}

/* The host must not use what was lent to it any more. */
static void
end_loans(cpybuild_kept *lent)
{
    for (; lent != NULL; lent = lent->next) {
        ((cpybuild_resource *)lent->object)->lends--;
        Py_DECREF(lent->object);
    }
}

int
cpybuild_lend(cpybuild_call *call, cpybuild_resource *resource)
{
    cpybuild_kept *lent = cpybuild_allocate(call, 1, sizeof(*lent));
    if (lent == NULL) {
        return -1;
    }
    resource->lends++;
    lent->object = Py_NewRef((PyObject *)resource);
    lent->next = call->lent;
    call->lent = lent;
    return 0;
}

void
cpybuild_end_slowly(cpybuild_call *call)
{
    /* Objects that go away may run any code, also with an exception set. */
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    end_loans(call->lent);
    return_given(call->given);
    cpybuild_release(call->held);
    for (cpybuild_kept *kept = call->kept; kept != NULL; kept = kept->next) {
        Py_DECREF(kept->object);
    }
    PyErr_Restore(type, error, traceback);
    while (call->chunks != NULL) {
        cpybuild_chunk *next = call->chunks->next;
        free(call->chunks);
        call->chunks = next;
    }
    cpybuild_free_received(call->received);
}

/* --- Where an error is ---------------------------------------------------------- */

/* Put text before the path.  A path that is too long loses its outer end. */
static void
prepend(cpybuild_call *call, const char *text, size_t length)
{
    if (length > call->path_start) {
        text += length - call->path_start;
        length = call->path_start;
    }
    call->path_start -= length;
    memcpy(call->path + call->path_start, text, length);
}

int
cpybuild_at_index(cpybuild_call *call, size_t index)
{
    char text[32];
    int length = PyOS_snprintf(text, sizeof(text), "[%zu]", index);
    prepend(call, text, (size_t)length);
    return -1;
}

int
cpybuild_at_field(cpybuild_call *call, const char *name)
{
    prepend(call, name, strlen(name));
    prepend(call, ".", 1);
    return -1;
}

/* Forget the path and return it. */
static const char *
take_path(cpybuild_call *call)
{
    const char *path = call->path + call->path_start;
    call->path_start = sizeof(call->path) - 1;
    return path;
}

/* Put "path" into a message that begins with "start", where it ends.  Other
   exceptions, of an object's own code, get a note. */
static PyObject *
with_path(PyObject *message, PyObject *start, const char *path)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(start);
    PyObject *rest, *text;
    if (PyUnicode_Tailmatch(message, start, 0, length, -1) != 1) {
        return NULL;
    }
    rest = PyUnicode_Substring(message, length,
                               PyUnicode_GET_LENGTH(message));
    if (rest == NULL) {
        return NULL;
    }
    text = PyUnicode_FromFormat("%U%s%U", start, path, rest);
    Py_DECREF(rest);
    return text;
}

static void
add_note(PyObject *error, PyObject *start, const char *path)
{
    PyObject *answer = NULL;
    PyObject *note = PyUnicode_FromFormat("in %U%s'", start, path);
    if (note != NULL) {
        answer = cpybuild_call_method(error, "add_note", note);
        Py_DECREF(note);
    }
    Py_XDECREF(answer);
}

PyObject *
cpybuild_refuse_argument(cpybuild_call *call)
{
    PyObject *type, *error, *traceback, *start, *message, *text = NULL;
    const char *path = take_path(call);
    if (*path == '\0' || call->function == NULL) {
        return NULL;
    }
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    start = PyUnicode_FromFormat("%s() argument '%s", call->function->name,
                                 call->function->parameters[call->index]);
    message = start == NULL ? NULL : PyObject_Str(error);
    if (message != NULL) {
        text = with_path(message, start, path);
        Py_DECREF(message);
    }
    if (text != NULL) {
        Py_SETREF(error, text);
    }
    else if (start != NULL) {
        PyErr_Clear();
        add_note(error, start, path);
    }
    PyErr_Clear();
    Py_XDECREF(start);
    PyErr_Restore(type, error, traceback);
    return NULL;
}

PyObject *
cpybuild_refuse_answer(cpybuild_call *call)
{
    const char *path = take_path(call);
    cpybuild_blame_host(call->name, *path == '.' ? path + 1 : path);
    return NULL;
}

int
cpybuild_refuse(cpybuild_call *call, const char *expected, PyObject *object)
{
    return cpybuild_refuse_type(call->function, call->index, expected, object);
}

PyObject *
cpybuild_refuse_value(cpybuild_call *call, const char *type)
{
    cpybuild_refuse_result(call->name, type);
    return NULL;
}

/* --- Text and bytes ---------------------------------------------------------------- */

int
cpybuild_lower_text(cpybuild_call *call, PyObject *object,
                    cpybuild_string *value)
{
    if (cpybuild_lower_string(call->function, call->index, object, value) < 0) {
        return -1;
    }
    return cpybuild_keep(call, object);
}

int
cpybuild_lower_blob(cpybuild_call *call, PyObject *object,
                    cpybuild_bytes *value)
{
    if (cpybuild_lower_bytes(call->function, call->index, object, value,
                             &call->held) < 0)
    {
        return -1;
    }
    /* Other buffers than bytes objects are held. */
    return PyBytes_CheckExact(object) ? cpybuild_keep(call, object) : 0;
}

int
cpybuild_lower_nothing(cpybuild_call *call, PyObject *object)
{
    return object == Py_None ? 0 : cpybuild_refuse(call, "None", object);
}

PyObject *
cpybuild_lift_text(cpybuild_call *call, const cpybuild_string *value)
{
    if (value->len == 0) {
        return PyUnicode_FromStringAndSize(NULL, 0);
    }
    if (!cpybuild_is_received(value->ptr, value->len, call->received)) {
        return cpybuild_refuse_value(call, "string");
    }
    return PyUnicode_DecodeUTF8(value->ptr, (Py_ssize_t)value->len, NULL);
}

PyObject *
cpybuild_lift_blob(cpybuild_call *call, const cpybuild_bytes *value)
{
    if (value->len != 0
        && !cpybuild_is_received(value->ptr, value->len, call->received))
    {
        return cpybuild_refuse_value(call, "list<u8>");
    }
    return PyBytes_FromStringAndSize(
        value->len == 0 ? NULL : (const char *)value->ptr,
        (Py_ssize_t)value->len);
}
