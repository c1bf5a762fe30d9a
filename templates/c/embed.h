/* The entry points by which a host keeps an interpreter: what _embed.c,
   _report.c and the generated exports share. */

#ifndef CPYBUILD_EMBED_H
#define CPYBUILD_EMBED_H

#include "cpybuild.h"

#include <string.h>

#ifdef __wasm__
#  define CPYBUILD_ENTRY(NAME)                                                 \
    __attribute__((export_name(NAME), visibility("default")))
#else
#  define CPYBUILD_ENTRY(NAME)
#endif

/* --- Calls of the host into Python ---------------------------------------- */

/* A call that is under way. */
typedef struct {
    PyGILState_STATE gil;
    /* The exception that was set when the host called, if any. */
    PyObject *type;
    PyObject *value;
    PyObject *traceback;
    /* Whose arguments are lifted while the host calls. */
    cpybuild_block **claims;
} cpybuild_entry;

/* Begin a call of the host, which may come from inside of a host function.
   An interpreter that was not initialised is now.  Return -1 when there is no
   interpreter to run anything; the host is then told, and there is nothing to
   leave. */
int cpybuild_begin_entry(cpybuild_entry *entry);

/* End a call.  With a Python exception set it becomes the host's error. */
void cpybuild_end_entry(cpybuild_entry *entry);

/* --- Errors for the host --------------------------------------------------- */

/* Tell the host of the Python exception that is set, and clear it. */
void cpybuild_report_exception(void);

/* Tell the host of an error that is no Python exception; the text is static
   or lives as long as the program. */
void cpybuild_report_text(const char *text);

/* Free what the host was told last. */
void cpybuild_forget_error(void);

/* The numbers whose bits cases of a variant share with integers. */
static inline float
cpybuild_f32_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static inline double
cpybuild_f64_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* --- Functions that Python code implements --------------------------------- */

/* An exported function.  What follows the names is filled by its first call. */
typedef struct {
    const char *module;
    const char *function;
    PyObject *found_module;
    PyObject *found_name;
} cpybuild_export;

/* What a result borrows from, until the host has read it. */
typedef struct {
    PyObject *answer;
    cpybuild_hold *held;
} cpybuild_answer;

void cpybuild_release_answer(cpybuild_answer *kept);

/* Say in the exception that is set, of a lowering, that it is the result which
   is wrong. */
void cpybuild_refuse_answer_of(const cpybuild_function *function);

/* Call an exported function.  The arguments start at args[1]; args[0] is room
   for the call.  They are released, and those that are NULL, because an
   exception is set, make the call fail. */
PyObject *cpybuild_call_export(cpybuild_export *export, PyObject **args,
                               Py_ssize_t nargs);

#endif /* !CPYBUILD_EMBED_H */
