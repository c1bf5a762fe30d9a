/* Python exceptions that leave Python, in memory for the host to read. */

#include "embed.h"

#include <stdlib.h>
#include <string.h>

/* What the host reads, records of the Canonical ABI:

       record frame { file: string, line: u32, name: string }
       record error { type: string, message: string, frames: list<frame>,
                      exit-code: option<s32> }

   It gets a list<error>: the exception, then what caused it, and so on. */

typedef struct {
    cpybuild_string file;
    uint32_t line;
    cpybuild_string name;
} frame;

typedef struct {
    cpybuild_string type;
    cpybuild_string message;
    struct {
        frame *ptr;
        size_t len;
    } frames;
    struct {
        uint8_t given;
        int32_t value;
    } exit_code;
} error;

/* A longer chain of causes is cut. */
#define MAX_ERRORS 16

typedef struct {
    struct {
        error *ptr;
        size_t len;
    } errors;
    /* A list of what the strings borrow from. */
    PyObject *kept;
    error items[MAX_ERRORS];
} report;

#ifdef __wasm__
_Static_assert(sizeof(frame) == 20 && sizeof(error) == 32,
               "the layout must be the Canonical ABI's");
#endif

static report pending;
static bool is_pending = false;

/* Whether the host takes errors.  One that does not would go on with a result
   that means nothing. */
static bool errors_are_taken = false;

void
cpybuild_forget_error(void)
{
    if (!is_pending) {
        return;
    }
    is_pending = false;
    for (size_t i = 0; i < pending.errors.len; i++) {
        free(pending.items[i].frames.ptr);
    }
    pending.errors.len = 0;
    if (pending.kept != NULL && Py_IsInitialized()) {
        Py_CLEAR(pending.kept);
    }
    pending.kept = NULL;
}

/* Begin a report with one error. */
static error *
begin(const char *type, const char *message)
{
    error *first = &pending.items[0];
    cpybuild_forget_error();
    is_pending = true;
    pending.errors.ptr = pending.items;
    pending.errors.len = 1;
    *first = (error){
        .type = {type, strlen(type)},
        .message = {message, strlen(message)},
        .frames = {NULL, 0},
        .exit_code = {0, 0},
    };
    return first;
}

static void
require_taker(void)
{
    if (!errors_are_taken) {
        __builtin_trap();
    }
}

void
cpybuild_report_text(const char *text)
{
    (void)begin("RuntimeError", text);
    require_taker();
}

/* Make a text of Python's readable for the host as long as the report lives. */
static int
keep(PyObject *text, cpybuild_string *target)
{
    PyObject *bytes = PyUnicode_AsEncodedString(text, "utf-8",
                                                "backslashreplace");
    int appended;
    if (bytes == NULL) {
        return -1;
    }
    target->ptr = PyBytes_AS_STRING(bytes);
    target->len = (size_t)PyBytes_GET_SIZE(bytes);
    appended = PyList_Append(pending.kept, bytes);
    Py_DECREF(bytes);
    return appended;
}

/* Keep a text and release it. */
static int
keep_owned(PyObject *text, cpybuild_string *target)
{
    int result;
    if (text == NULL) {
        return -1;
    }
    result = keep(text, target);
    Py_DECREF(text);
    return result;
}

/* The name of an exception's class as tracebacks show it. */
static PyObject *
name_type(PyTypeObject *type)
{
    PyObject *module = cpybuild_get_attribute((PyObject *)type, "__module__");
    PyObject *name = cpybuild_get_attribute((PyObject *)type, "__qualname__");
    PyObject *whole = NULL;
    if (module == NULL) {
        PyErr_Clear();
    }
    if (name != NULL && module != NULL && PyUnicode_Check(module)
        && PyUnicode_CompareWithASCIIString(module, "builtins") != 0
        && PyUnicode_CompareWithASCIIString(module, "__main__") != 0)
    {
        whole = PyUnicode_FromFormat("%U.%S", module, name);
    }
    else if (name != NULL) {
        whole = PyObject_Str(name);
    }
    Py_XDECREF(name);
    Py_XDECREF(module);
    return whole;
}

static PyObject *
text_of(PyObject *exception)
{
    PyObject *text = PyObject_Str(exception);
    if (text == NULL) {
        PyErr_Clear();
        text = PyUnicode_FromString("<exception str() failed>");
    }
    return text;
}

static int
fill_frame(frame *target, PyTracebackObject *traceback)
{
    PyCodeObject *code = PyFrame_GetCode(traceback->tb_frame);
    PyObject *line = NULL;
    int result = -1;
    if (keep(code->co_filename, &target->file) == 0
        && keep(code->co_name, &target->name) == 0)
    {
        line = cpybuild_get_attribute((PyObject *)traceback, "tb_lineno");
    }
    if (line != NULL) {
        long number = line == Py_None ? 0 : PyLong_AsLong(line);
        target->line = number < 0 ? 0 : (uint32_t)number;
        result = PyErr_Occurred() ? -1 : 0;
        Py_DECREF(line);
    }
    Py_DECREF(code);
    return result;
}

static int
fill_frames(error *target, PyObject *exception)
{
    PyObject *first = PyException_GetTraceback(exception);
    PyTracebackObject *traceback;
    size_t count = 0;
    int result = 0;
    for (traceback = (PyTracebackObject *)first; traceback != NULL;
         traceback = traceback->tb_next)
    {
        count++;
    }
    if (count > 0) {
        target->frames.ptr = malloc(count * sizeof(frame));
        if (target->frames.ptr == NULL) {
            PyErr_NoMemory();
            result = -1;
        }
    }
    for (traceback = (PyTracebackObject *)first;
         traceback != NULL && result == 0; traceback = traceback->tb_next)
    {
        result = fill_frame(&target->frames.ptr[target->frames.len], traceback);
        target->frames.len++;
    }
    Py_XDECREF(first);
    return result;
}

/* The exit code that SystemExit carries, as the command line takes it. */
static int
fill_exit_code(error *target, PyObject *exception)
{
    PyObject *code;
    if (!PyObject_TypeCheck(exception, (PyTypeObject *)PyExc_SystemExit)) {
        return 0;
    }
    code = cpybuild_get_attribute(exception, "code");
    if (code == NULL) {
        return -1;
    }
    target->exit_code.given = 1;
    target->exit_code.value = 1;
    if (code == Py_None) {
        target->exit_code.value = 0;
    }
    else if (PyLong_Check(code)) {
        target->exit_code.value = (int32_t)PyLong_AsLong(code);
        PyErr_Clear();
    }
    Py_DECREF(code);
    return 0;
}

static int
fill(error *target, PyObject *exception)
{
    *target = (error){.frames = {NULL, 0}, .exit_code = {0, 0}};
    pending.errors.len++;
    if (keep_owned(name_type(Py_TYPE(exception)), &target->type) < 0
        || keep_owned(text_of(exception), &target->message) < 0
        || fill_frames(target, exception) < 0
        || fill_exit_code(target, exception) < 0)
    {
        return -1;
    }
    return 0;
}

/* What a traceback shows as the reason of an exception: a new reference, or
   NULL. */
static PyObject *
cause_of(PyObject *exception)
{
    PyObject *cause = PyException_GetCause(exception);
    if (cause == NULL
        && !((PyBaseExceptionObject *)exception)->suppress_context)
    {
        cause = PyException_GetContext(exception);
    }
    return cause;
}

static int
fill_all(PyObject *exception)
{
    PyObject *current = Py_NewRef(exception);
    while (current != NULL && pending.errors.len < MAX_ERRORS) {
        PyObject *next;
        if (fill(&pending.items[pending.errors.len], current) < 0) {
            Py_DECREF(current);
            return -1;
        }
        next = cause_of(current);
        Py_DECREF(current);
        current = next;
    }
    Py_XDECREF(current);
    return 0;
}

void
cpybuild_report_exception(void)
{
    PyObject *type;
    PyObject *value;
    PyObject *traceback;

    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback != NULL) {
        PyException_SetTraceback(value, traceback);
    }
    if (!errors_are_taken) {
        PyErr_Display(type, value, traceback);
        __builtin_trap();
    }
    cpybuild_forget_error();
    is_pending = true;
    pending.errors.ptr = pending.items;
    pending.kept = PyList_New(0);
    if (pending.kept == NULL || fill_all(value) < 0) {
        PyErr_Clear();
        (void)begin("MemoryError", "no memory is left to tell of an exception");
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
}

void cpybuild_take_errors(void);

/* The host says that it looks for errors after every call. */
CPYBUILD_ENTRY("cpybuild_take_errors")
void
cpybuild_take_errors(void)
{
    errors_are_taken = true;
}

const void *cpybuild_last_error(void);

/* The list<error> of what went wrong in the call that has just returned, or
   NULL.  The next call frees it. */
CPYBUILD_ENTRY("cpybuild_last_error")
const void *
cpybuild_last_error(void)
{
    return is_pending ? &pending.errors : NULL;
}
