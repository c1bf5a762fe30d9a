/* The entry points of a host that keeps an interpreter, beside _start, which
   runs Python's own command line.  One instance is used in one of these ways:
   what the C library prepares, it prepares once. */

#include "embed.h"

#include <stdlib.h>
#include <string.h>

#ifdef __wasm__
#  include <wasi/api.h>
#endif

/* --- The life of the interpreter ------------------------------------------- */

typedef enum {
    /* Nothing runs; or _start does, which Py_IsInitialized() tells. */
    NOT_STARTED,
    STARTED,
    /* By cpybuild_close(), or because it could not start. */
    ENDED,
} life;

static life state = NOT_STARTED;

/* How many calls of the host are under way, each in a host function that the
   one before has called. */
static int depth = 0;

static const char *const TOO_LATE = "the interpreter was closed";

#ifdef __wasm__

/* What the start file of a program calls; some C libraries lack the first. */
extern void __wasi_init_tp(void) __attribute__((weak));
extern void __wasm_call_ctors(void);
extern void __wasm_call_dtors(void);

/* Volatile, since compilers run simple constructors themselves. */
static volatile bool constructed = false;

/* One of the constructors that _start runs, and the first.  Both ways to start
   in one instance would construct everything twice. */
__attribute__((constructor(101)))
static void
note_construction(void)
{
    if (constructed) {
        __builtin_trap();
    }
    constructed = true;
}

/* Whether _start has run a program to its end, or is just about to begin. */
static bool
has_run(void)
{
    return constructed;
}

static void
prepare_library(void)
{
    if (!constructed) {
        if (__wasi_init_tp != NULL) {
            __wasi_init_tp();
        }
        __wasm_call_ctors();
    }
}

/* Read the arguments that the host gives to the program. */
static int
read_arguments(int *argc, char ***argv, char **texts)
{
    size_t count;
    size_t size;
    if (__wasi_args_sizes_get(&count, &size) != 0) {
        return -1;
    }
    *argv = calloc(count + 1, sizeof(char *));
    *texts = malloc(size + 1);
    if (*argv == NULL || *texts == NULL
        || __wasi_args_get((uint8_t **)*argv, (uint8_t *)*texts) != 0)
    {
        free(*argv);
        free(*texts);
        return -1;
    }
    *argc = (int)count;
    return 0;
}

#else

static bool
has_run(void)
{
    return false;
}

static void
prepare_library(void)
{
}

static int
read_arguments(int *argc, char ***argv, char **texts)
{
    *argc = 0;
    *argv = NULL;
    *texts = NULL;
    return 0;
}

#endif

/* Initialize Python apart from its surroundings: neither environment variables
   nor arguments change what it does, and sys.argv is all of the arguments.
   With "environment", Python's own variables do. */
static PyStatus
initialize_python(int argc, char **argv, bool environment)
{
    PyStatus status;
    PyPreConfig preconfig;
    PyConfig config;

    PyPreConfig_InitIsolatedConfig(&preconfig);
    /* As of the command line, where the C locale brings it about. */
    preconfig.utf8_mode = 1;
    if (environment) {
        preconfig.isolated = 0;
        preconfig.use_environment = 1;
    }
    status = Py_PreInitialize(&preconfig);
    if (PyStatus_Exception(status)) {
        return status;
    }
    PyConfig_InitIsolatedConfig(&config);
    if (environment) {
        config.isolated = 0;
        config.use_environment = 1;
        config.safe_path = 1;
    }
    status = PyConfig_SetBytesArgv(&config, argc, argv);
    if (!PyStatus_Exception(status)) {
        status = Py_InitializeFromConfig(&config);
    }
    PyConfig_Clear(&config);
    return status;
}

/* Show a line as soon as it is complete: there may be no end of the program
   that would show it. */
static void
buffer_lines(void)
{
    PyObject *stream = PySys_GetObject("stdout");
    PyObject *method = NULL;
    PyObject *options = NULL;
    PyObject *nothing = NULL;
    PyObject *answer = NULL;
    if (stream != NULL && stream != Py_None) {
        method = PyObject_GetAttrString(stream, "reconfigure");
    }
    if (method != NULL) {
        options = Py_BuildValue("{sO}", "line_buffering", Py_True);
        nothing = PyTuple_New(0);
    }
    if (options != NULL && nothing != NULL) {
        answer = PyObject_Call(method, nothing, options);
    }
    PyErr_Clear();
    Py_XDECREF(answer);
    Py_XDECREF(nothing);
    Py_XDECREF(options);
    Py_XDECREF(method);
}

/* Start the interpreter.  Return -1 when that fails; the host is told. */
static int
start(bool environment)
{
    int argc;
    char **argv;
    char *texts;
    PyStatus status;

    prepare_library();
    state = ENDED;
    if (read_arguments(&argc, &argv, &texts) < 0) {
        cpybuild_report_text("the arguments of the program cannot be read");
        return -1;
    }
    status = initialize_python(argc, argv, environment);
    free(argv);
    free(texts);
    if (PyStatus_Exception(status)) {
        cpybuild_report_text(status.err_msg != NULL
                             ? status.err_msg
                             : "Python cannot be initialised");
        return -1;
    }
    state = STARTED;
    buffer_lines();
    return 0;
}

static int
begin_entry(cpybuild_entry *entry, bool environment)
{
    if (state == NOT_STARTED && !Py_IsInitialized() && has_run()) {
        state = ENDED;
    }
    if (state == ENDED) {
        cpybuild_report_text(TOO_LATE);
        return -1;
    }
    if (state == NOT_STARTED && !Py_IsInitialized() && start(environment) < 0) {
        return -1;
    }
    entry->gil = PyGILState_Ensure();
    PyErr_Fetch(&entry->type, &entry->value, &entry->traceback);
    entry->claims = cpybuild_claims;
    cpybuild_claims = NULL;
    cpybuild_forget_error();
    depth++;
    return 0;
}

/* Hosts that do not initialise have no other way than the environment to say
   where modules are: those of components. */
int
cpybuild_begin_entry(cpybuild_entry *entry)
{
    return begin_entry(entry, true);
}

void
cpybuild_end_entry(cpybuild_entry *entry)
{
    if (PyErr_Occurred()) {
        cpybuild_report_exception();
    }
    depth--;
    cpybuild_claims = entry->claims;
    PyErr_Restore(entry->type, entry->value, entry->traceback);
    PyGILState_Release(entry->gil);
}

/* --- What Python writes ----------------------------------------------------- */

static void
flush(const char *name)
{
    PyObject *stream = PySys_GetObject(name);
    PyObject *answer;
    if (stream == NULL || stream == Py_None) {
        return;
    }
    answer = cpybuild_call_method(stream, "flush", NULL);
    if (answer == NULL) {
        PyErr_Clear();
    }
    Py_XDECREF(answer);
}

/* After a program has run, what it wrote is seen, also without a line's end. */
static void
flush_streams(void)
{
    PyObject *type;
    PyObject *value;
    PyObject *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    flush("stdout");
    flush("stderr");
    PyErr_Restore(type, value, traceback);
}

/* --- What calls say is wrong, and what they keep ------------------------------ */

/* Put "now" into the message of the exception that is set, where it begins with
   "before". */
static void
replace_start(PyObject *before, PyObject *now)
{
    PyObject *type;
    PyObject *value;
    PyObject *traceback;
    PyObject *message = NULL;
    PyObject *rest = NULL;
    PyObject *text = NULL;
    Py_ssize_t length;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (before != NULL && now != NULL) {
        message = PyObject_Str(value);
    }
    if (message != NULL) {
        length = PyUnicode_GET_LENGTH(before);
        if (PyUnicode_Tailmatch(message, before, 0, length, -1) == 1) {
            rest = PyUnicode_Substring(message, length,
                                       PyUnicode_GET_LENGTH(message));
        }
    }
    if (rest != NULL) {
        text = PyUnicode_Concat(now, rest);
    }
    PyErr_Clear();
    if (text != NULL) {
        PyErr_SetObject(type, text);
        Py_DECREF(type);
        Py_DECREF(value);
        Py_XDECREF(traceback);
    }
    else {
        PyErr_Restore(type, value, traceback);
    }
    Py_XDECREF(text);
    Py_XDECREF(rest);
    Py_XDECREF(message);
    Py_XDECREF(before);
    Py_XDECREF(now);
}

void
cpybuild_refuse_answer_of(const cpybuild_function *function)
{
    PyObject *type;
    PyObject *value;
    PyObject *traceback;
    PyObject *before;
    PyObject *now;
    PyObject *part;
    PyObject *in_part;
    PyErr_Fetch(&type, &value, &traceback);
    before = PyUnicode_FromFormat("%s() argument '%s'", function->name,
                                  function->parameters[0]);
    now = PyUnicode_FromFormat("the %s of %s()", function->parameters[0],
                               function->name);
    /* The same with the way to a part of it: 'result[1].name'. */
    part = PyUnicode_FromFormat("%s() argument '%s", function->name,
                                function->parameters[0]);
    in_part = PyUnicode_FromFormat("a part of the %s of %s() is wrong: '%s",
                                   function->parameters[0], function->name,
                                   function->parameters[0]);
    PyErr_Restore(type, value, traceback);
    replace_start(before, now);
    replace_start(part, in_part);
}

/* What was lifted is the host's argument, not its result. */
static void
refuse_argument(void)
{
    PyObject *type;
    PyObject *value;
    PyObject *traceback;
    PyObject *before;
    PyObject *now;
    PyErr_Fetch(&type, &value, &traceback);
    before = PyUnicode_FromString("the host returned from ");
    now = PyUnicode_FromString("the host passed to ");
    PyErr_Restore(type, value, traceback);
    replace_start(before, now);
}

void
cpybuild_release_answer(cpybuild_answer *kept)
{
    PyObject *answer = kept->answer;
    cpybuild_hold *held = kept->held;
    kept->answer = NULL;
    kept->held = NULL;
    if (answer != NULL && state != ENDED) {
        PyGILState_STATE gil = PyGILState_Ensure();
        cpybuild_release(held);
        Py_DECREF(answer);
        PyGILState_Release(gil);
    }
}

/* Make a str of a text of the host's. */
static PyObject *
lift_text(const char *function, cpybuild_buffer *buffer)
{
    PyObject *text = cpybuild_lift_string(function, buffer);
    if (text == NULL) {
        refuse_argument();
    }
    return text;
}

/* --- Initialise and close --------------------------------------------------- */

/* Put folders in front of the module search path. */
static int
add_paths(const char *function, cpybuild_buffer *paths, size_t count)
{
    PyObject *search = PySys_GetObject("path");
    if (search == NULL || !PyList_Check(search)) {
        PyErr_SetString(PyExc_RuntimeError, "lost sys.path");
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        PyObject *path = lift_text(function, &paths[i]);
        int inserted = -1;
        if (path != NULL) {
            inserted = PyList_Insert(search, (Py_ssize_t)i, path);
            Py_DECREF(path);
        }
        if (inserted < 0) {
            while (++i < count) {
                cpybuild_buffer_free(&paths[i]);
            }
            return -1;
        }
    }
    return 0;
}

int cpybuild_initialize(cpybuild_buffer *paths, size_t count);

CPYBUILD_ENTRY("cpybuild_initialize")
int
cpybuild_initialize(cpybuild_buffer *paths, size_t count)
{
    cpybuild_buffer list = {(uint8_t *)paths, count * sizeof(*paths)};
    cpybuild_entry entry;
    int result = -1;
    if (state == STARTED || Py_IsInitialized()) {
        cpybuild_report_text("the interpreter is initialised already");
    }
    else if (begin_entry(&entry, false) == 0) {
        result = add_paths("initialize", paths, count);
        cpybuild_end_entry(&entry);
    }
    cpybuild_buffer_free(&list);
    return result;
}

int cpybuild_close(void);

CPYBUILD_ENTRY("cpybuild_close")
int
cpybuild_close(void)
{
    int result;
    if (depth > 0 || (state == NOT_STARTED && Py_IsInitialized())) {
        cpybuild_report_text("the interpreter cannot be closed by what it calls");
        return -1;
    }
    if (state != STARTED) {
        state = ENDED;
        return 0;
    }
    state = ENDED;
    cpybuild_forget_error();
    result = Py_FinalizeEx();
#ifdef __wasm__
    __wasm_call_dtors();
#endif
    if (result < 0) {
        cpybuild_report_text("what Python wrote last was lost");
    }
    return result;
}

/* --- Programs --------------------------------------------------------------- */

/* Run a program's text in the module __main__. */
static int
run_text(PyObject *source, PyObject *file)
{
    PyCompilerFlags flags = {
        .cf_flags = PyCF_SOURCE_IS_UTF8 | PyCF_IGNORE_COOKIE,
        .cf_feature_version = PY_MINOR_VERSION,
    };
    PyObject *module = PyImport_AddModule("__main__");
    PyObject *names;
    PyObject *code;
    PyObject *answer;
    Py_ssize_t length;
    const char *text = PyUnicode_AsUTF8AndSize(source, &length);
    if (module == NULL || text == NULL) {
        return -1;
    }
    if (strlen(text) != (size_t)length) {
        PyErr_SetString(PyExc_ValueError,
                        "source code cannot contain null characters");
        return -1;
    }
    code = Py_CompileStringObject(text, file, Py_file_input, &flags, -1);
    if (code == NULL) {
        return -1;
    }
    names = PyModule_GetDict(module);
    answer = PyEval_EvalCode(code, names, names);
    Py_DECREF(code);
    Py_XDECREF(answer);
    return answer == NULL ? -1 : 0;
}

int cpybuild_run(uint8_t *source, size_t source_len,
                 uint8_t *file, size_t file_len);

CPYBUILD_ENTRY("cpybuild_run")
int
cpybuild_run(uint8_t *source, size_t source_len,
             uint8_t *file, size_t file_len)
{
    cpybuild_buffer source_buffer = {source, source_len};
    cpybuild_buffer file_buffer = {file, file_len};
    cpybuild_entry entry;
    PyObject *source_text;
    PyObject *file_text;
    int result = -1;
    if (cpybuild_begin_entry(&entry) < 0) {
        return -1;
    }
    source_text = lift_text("run", &source_buffer);
    if (source_text == NULL) {
        cpybuild_buffer_free(&file_buffer);
    }
    else {
        file_text = lift_text("run", &file_buffer);
        if (file_text != NULL) {
            result = run_text(source_text, file_text);
            Py_DECREF(file_text);
        }
        Py_DECREF(source_text);
    }
    flush_streams();
    cpybuild_end_entry(&entry);
    return result;
}

/* Run a module as the command line does with -m, but for its errors. */
static int
run_module(PyObject *name)
{
    PyObject *runpy = PyImport_ImportModule("runpy");
    PyObject *method;
    PyObject *args = NULL;
    PyObject *options = NULL;
    PyObject *answer = NULL;
    if (runpy == NULL) {
        return -1;
    }
    method = cpybuild_get_attribute(runpy, "run_module");
    Py_DECREF(runpy);
    if (method != NULL) {
        args = PyTuple_Pack(1, name);
        options = Py_BuildValue("{sssO}", "run_name", "__main__",
                                "alter_sys", Py_True);
    }
    if (args != NULL && options != NULL) {
        answer = PyObject_Call(method, args, options);
    }
    Py_XDECREF(options);
    Py_XDECREF(args);
    Py_XDECREF(method);
    Py_XDECREF(answer);
    return answer == NULL ? -1 : 0;
}

int cpybuild_run_module(uint8_t *name, size_t name_len);

CPYBUILD_ENTRY("cpybuild_run_module")
int
cpybuild_run_module(uint8_t *name, size_t name_len)
{
    cpybuild_buffer buffer = {name, name_len};
    cpybuild_entry entry;
    PyObject *text;
    int result = -1;
    if (cpybuild_begin_entry(&entry) < 0) {
        return -1;
    }
    text = lift_text("run_module", &buffer);
    if (text != NULL) {
        result = run_module(text);
        Py_DECREF(text);
    }
    flush_streams();
    cpybuild_end_entry(&entry);
    return result;
}

/* --- Calls without types ------------------------------------------------------ */

/* Call a function of a module with the arguments in a JSON array; the answer's
   JSON, or NULL with an exception. */
static PyObject *
call_with_json(PyObject *module_name, PyObject *name, PyObject *args)
{
    PyObject *json = PyImport_ImportModule("json");
    PyObject *module = NULL;
    PyObject *function = NULL;
    PyObject *list = NULL;
    PyObject *values = NULL;
    PyObject *answer = NULL;
    PyObject *dumps = NULL;
    PyObject *answers = NULL;
    PyObject *options = NULL;
    PyObject *text = NULL;
    if (json != NULL) {
        module = PyImport_Import(module_name);
    }
    if (module != NULL) {
        function = PyObject_GetAttr(module, name);
    }
    if (function != NULL) {
        list = cpybuild_call_method(json, "loads", args);
    }
    if (list != NULL) {
        values = PySequence_Tuple(list);
    }
    if (values != NULL) {
        answer = PyObject_CallObject(function, values);
    }
    if (answer != NULL) {
        dumps = cpybuild_get_attribute(json, "dumps");
        answers = PyTuple_Pack(1, answer);
        /* JavaScript, for one, reads no NaN. */
        options = Py_BuildValue("{sOsO}", "allow_nan", Py_False,
                                "ensure_ascii", Py_False);
    }
    if (dumps != NULL && answers != NULL && options != NULL) {
        text = PyObject_Call(dumps, answers, options);
    }
    Py_XDECREF(options);
    Py_XDECREF(answers);
    Py_XDECREF(dumps);
    Py_XDECREF(answer);
    Py_XDECREF(values);
    Py_XDECREF(list);
    Py_XDECREF(function);
    Py_XDECREF(module);
    Py_XDECREF(json);
    return text;
}

static cpybuild_answer call_kept;

const cpybuild_string *cpybuild_call_json(
    uint8_t *module, size_t module_len, uint8_t *function, size_t function_len,
    uint8_t *args, size_t args_len);

/* Return a string, which the host gives back by cabi_post_cpybuild_call, or
   NULL when there is an error to be read. */
CPYBUILD_ENTRY("cpybuild_call")
const cpybuild_string *
cpybuild_call_json(uint8_t *module, size_t module_len,
                   uint8_t *function, size_t function_len,
                   uint8_t *args, size_t args_len)
{
    static cpybuild_string value;
    cpybuild_buffer buffers[] = {
        {module, module_len}, {function, function_len}, {args, args_len},
    };
    PyObject *texts[3] = {NULL, NULL, NULL};
    cpybuild_entry entry;
    PyObject *answer = NULL;
    Py_ssize_t length = 0;
    bool lifted = true;
    if (cpybuild_begin_entry(&entry) < 0) {
        return NULL;
    }
    for (int i = 0; i < 3; i++) {
        texts[i] = lifted ? lift_text("call", &buffers[i]) : NULL;
        lifted = texts[i] != NULL;
        cpybuild_buffer_free(&buffers[i]);
    }
    if (lifted) {
        answer = call_with_json(texts[0], texts[1], texts[2]);
    }
    for (int i = 0; i < 3; i++) {
        Py_XDECREF(texts[i]);
    }
    value.ptr = answer == NULL ? NULL : PyUnicode_AsUTF8AndSize(answer, &length);
    value.len = (size_t)length;
    if (value.ptr == NULL) {
        Py_CLEAR(answer);
    }
    cpybuild_release_answer(&call_kept);
    call_kept.answer = answer;
    flush_streams();
    cpybuild_end_entry(&entry);
    return answer == NULL ? NULL : &value;
}

void cpybuild_call_post(void *answer);

CPYBUILD_ENTRY("cabi_post_cpybuild_call")
void
cpybuild_call_post(void *Py_UNUSED(answer))
{
    cpybuild_release_answer(&call_kept);
}

/* --- Functions that Python code implements ----------------------------------- */

static int
find_export(cpybuild_export *export)
{
    if (export->found_module != NULL) {
        return 0;
    }
    if (export->found_name == NULL) {
        export->found_name = PyUnicode_InternFromString(export->function);
        if (export->found_name == NULL) {
            return -1;
        }
    }
    export->found_module = PyImport_ImportModule(export->module);
    return export->found_module == NULL ? -1 : 0;
}

PyObject *
cpybuild_call_export(cpybuild_export *export, PyObject **args, Py_ssize_t nargs)
{
    PyObject *function = NULL;
    PyObject *answer = NULL;
    if (PyErr_Occurred()) {
        refuse_argument();
    }
    else if (find_export(export) == 0) {
        function = PyObject_GetAttr(export->found_module, export->found_name);
    }
    if (function != NULL) {
        answer = PyObject_Vectorcall(function, args + 1,
                                     (size_t)nargs
                                     | PY_VECTORCALL_ARGUMENTS_OFFSET,
                                     NULL);
        Py_DECREF(function);
    }
    for (Py_ssize_t i = 1; i <= nargs; i++) {
        Py_XDECREF(args[i]);
    }
    return answer;
}
