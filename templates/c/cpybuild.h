/* What the generated C modules share: binding of arguments, lowering of Python
   objects to the values of an import (Canonical ABI), lifting of results.

   Only the frequent, short ways are inline; the rest is in _cpybuild.c. */

#ifndef CPYBUILD_H
#define CPYBUILD_H

#ifndef PY_SSIZE_T_CLEAN
#  define PY_SSIZE_T_CLEAN
#endif
#include <Python.h>

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- Values ------------------------------------------------------------- */

/* The C types of WIT values have the memory layout that the Canonical ABI
   gives them, so that a C struct of them is a record of the ABI. */

/* A string: UTF-8, not terminated. */
typedef struct {
    const char *ptr;
    size_t len;
} cpybuild_string;

/* A list<u8>. */
typedef struct {
    const uint8_t *ptr;
    size_t len;
} cpybuild_bytes;

/* A string or list<u8> that the host returned to C code.  The receiver owns
   it and releases it with cpybuild_buffer_free(). */
typedef struct {
    uint8_t *ptr;
    size_t len;
} cpybuild_buffer;

void cpybuild_buffer_free(cpybuild_buffer *buffer);

/* A block of memory that the host got from cabi_realloc(), and the list that
   further ones go to: that of the call that is under way. */
typedef struct cpybuild_block cpybuild_block;
extern cpybuild_block **cpybuild_received;

/* While arguments of the host are lifted, the list of those whose blocks they
   are: the guest frees them, whoever may hold them so far. */
extern cpybuild_block **cpybuild_claims;

/* Tell whether memory is within a block that the host got, for the call whose
   list is "received" or outside of calls. */
bool cpybuild_is_received(const void *ptr, size_t len,
                          const cpybuild_block *received);
void cpybuild_free_received(cpybuild_block *received);

/* --- Functions and their arguments --------------------------------------- */

/* A Python function: what its error messages need to name. */
typedef struct {
    const char *name;
    const char *const *parameters;
    Py_ssize_t count;
    /* The first parameters have no default. */
    Py_ssize_t required;
} cpybuild_function;

PyObject *const *cpybuild_bind_slowly(const cpybuild_function *function,
                                      PyObject *const *args, Py_ssize_t nargs,
                                      PyObject *kwnames, PyObject **values);

/* Give the arguments of a METH_FASTCALL | METH_KEYWORDS call in the order of
   the parameters, with NULL where the default counts.  "values" has room for
   all parameters and is used only when the caller's array does not do.
   Return NULL with an exception set when they do not fit. */
static inline PyObject *const *
cpybuild_bind(const cpybuild_function *function,
              PyObject *const *args, Py_ssize_t nargs,
              PyObject *kwnames, PyObject **values)
{
    if (nargs == function->count && kwnames == NULL) {
        return args;
    }
    return cpybuild_bind_slowly(function, args, nargs, kwnames, values);
}

/* --- Lowering: Python to wasm -------------------------------------------- */

/* Every lowering writes *value, or returns -1 with an exception set that names
   the parameter "index" of "function". */

int cpybuild_refuse_type(const cpybuild_function *function, Py_ssize_t index,
                         const char *expected, PyObject *object);
int cpybuild_lower_integer(const cpybuild_function *function, Py_ssize_t index,
                           PyObject *object, int64_t min, int64_t max,
                           int64_t *value);
int cpybuild_lower_u64(const cpybuild_function *function, Py_ssize_t index,
                       PyObject *object, uint64_t *value);
int cpybuild_lower_real(const cpybuild_function *function, Py_ssize_t index,
                        PyObject *object, double *value);
int cpybuild_refuse_f32(const cpybuild_function *function, Py_ssize_t index);
int cpybuild_lower_bool(const cpybuild_function *function, Py_ssize_t index,
                        PyObject *object, bool *value);
int cpybuild_lower_char(const cpybuild_function *function, Py_ssize_t index,
                        PyObject *object, uint32_t *value);
int cpybuild_lower_string(const cpybuild_function *function, Py_ssize_t index,
                          PyObject *object, cpybuild_string *value);

/* Read an int the short way: from 3.12 on, that of small ones needs no call. */
static inline bool
cpybuild_read_int(PyObject *object, int64_t *value)
{
    if (!PyLong_CheckExact(object)) {
        return false;
    }
#if PY_VERSION_HEX >= 0x030C0000
    if (!PyUnstable_Long_IsCompact((PyLongObject *)object)) {
        return false;
    }
    *value = PyUnstable_Long_CompactValue((PyLongObject *)object);
    return true;
#else
    int overflow;
    *value = PyLong_AsLongLongAndOverflow(object, &overflow);
    return overflow == 0;
#endif
}

#define CPYBUILD_DEFINE_LOWER(NAME, TYPE, MIN, MAX)                            \
    static inline int                                                          \
    cpybuild_lower_##NAME(const cpybuild_function *function, Py_ssize_t index, \
                          PyObject *object, TYPE *value)                       \
    {                                                                          \
        int64_t wide;                                                          \
        if ((!cpybuild_read_int(object, &wide)                                 \
             || wide < (MIN) || wide > (MAX))                                  \
            && cpybuild_lower_integer(function, index, object, (MIN), (MAX),   \
                                      &wide) < 0)                              \
        {                                                                      \
            return -1;                                                         \
        }                                                                      \
        *value = (TYPE)wide;                                                   \
        return 0;                                                              \
    }

CPYBUILD_DEFINE_LOWER(s8, int8_t, INT8_MIN, INT8_MAX)
CPYBUILD_DEFINE_LOWER(s16, int16_t, INT16_MIN, INT16_MAX)
CPYBUILD_DEFINE_LOWER(s32, int32_t, INT32_MIN, INT32_MAX)
CPYBUILD_DEFINE_LOWER(s64, int64_t, INT64_MIN, INT64_MAX)
CPYBUILD_DEFINE_LOWER(u8, uint8_t, 0, UINT8_MAX)
CPYBUILD_DEFINE_LOWER(u16, uint16_t, 0, UINT16_MAX)
CPYBUILD_DEFINE_LOWER(u32, uint32_t, 0, UINT32_MAX)

static inline int
cpybuild_lower_f64(const cpybuild_function *function, Py_ssize_t index,
                   PyObject *object, double *value)
{
    if (PyFloat_CheckExact(object)) {
        *value = PyFloat_AS_DOUBLE(object);
        return 0;
    }
    return cpybuild_lower_real(function, index, object, value);
}

static inline int
cpybuild_lower_f32(const cpybuild_function *function, Py_ssize_t index,
                   PyObject *object, float *value)
{
    double wide;
    if (cpybuild_lower_f64(function, index, object, &wide) < 0) {
        return -1;
    }
    *value = (float)wide;
    if (isinf(*value) && !isinf(wide)) {
        return cpybuild_refuse_f32(function, index);
    }
    return 0;
}

/* What lowered values borrow from, to be released after the call. */
typedef struct cpybuild_hold {
    struct cpybuild_hold *next;
    Py_buffer view;
} cpybuild_hold;

int cpybuild_lower_buffer(const cpybuild_function *function, Py_ssize_t index,
                          PyObject *object, cpybuild_bytes *value,
                          cpybuild_hold **held);
void cpybuild_release_slowly(cpybuild_hold *held);

/* The bytes of a bytes object stay where they are as long as it lives, that
   is, during the call. */
static inline int
cpybuild_lower_bytes(const cpybuild_function *function, Py_ssize_t index,
                     PyObject *object, cpybuild_bytes *value,
                     cpybuild_hold **held)
{
    if (PyBytes_CheckExact(object)) {
        value->ptr = (const uint8_t *)PyBytes_AS_STRING(object);
        value->len = (size_t)PyBytes_GET_SIZE(object);
        return 0;
    }
    return cpybuild_lower_buffer(function, index, object, value, held);
}

static inline void
cpybuild_release(cpybuild_hold *held)
{
    if (held != NULL) {
        cpybuild_release_slowly(held);
    }
}

/* --- The call ------------------------------------------------------------ */

/* An exception that the host raised through cpybuild_raise() and that Python
   has not seen yet. */
typedef struct cpybuild_error cpybuild_error;
extern cpybuild_error *cpybuild_pending;

int cpybuild_raise_pending(void);

/* Return -1 with a Python exception set when the import that has just been
   called raised, else 0. */
static inline int
cpybuild_check(void)
{
    if (cpybuild_pending == NULL) {
        return 0;
    }
    return cpybuild_raise_pending();
}

/* Give a module the class HostError. */
int cpybuild_add_host_error(PyObject *module);

/* Make a module a package, to which a folder of the user's adds. */
int cpybuild_open_package(PyObject *module);

/* Outside WebAssembly there is no host: make the import "name" raise. */
void cpybuild_raise_no_host(const char *name);

/* --- Lifting: wasm to Python --------------------------------------------- */

/* Every lifting to Python takes the function's name for its messages and
   returns NULL with an exception set when the host broke the ABI. */

int cpybuild_refuse_result(const char *function, const char *type);
void cpybuild_blame_host(const char *function, const char *path);
PyObject *cpybuild_lift_char(const char *function, uint32_t value);
PyObject *cpybuild_lift_string(const char *function, cpybuild_buffer *value);
PyObject *cpybuild_lift_bytes(const char *function, cpybuild_buffer *value);

/* The checks alone, for C code that calls an import itself. */
int cpybuild_check_char(const char *function, uint32_t value);
int cpybuild_check_string(const char *function, cpybuild_buffer *value);
int cpybuild_check_bytes(const char *function, cpybuild_buffer *value);

#define CPYBUILD_DEFINE_CHECK(NAME, CORE, MIN, MAX)                            \
    static inline int                                                          \
    cpybuild_check_##NAME(const char *function, CORE value)                    \
    {                                                                          \
        if (value < (MIN) || value > (MAX)) {                                  \
            return cpybuild_refuse_result(function, #NAME);                    \
        }                                                                      \
        return 0;                                                              \
    }

#define CPYBUILD_DEFINE_CHECK_UNSIGNED(NAME, CORE, MAX)                        \
    static inline int                                                          \
    cpybuild_check_##NAME(const char *function, CORE value)                    \
    {                                                                          \
        if (value > (MAX)) {                                                   \
            return cpybuild_refuse_result(function, #NAME);                    \
        }                                                                      \
        return 0;                                                              \
    }

CPYBUILD_DEFINE_CHECK(s8, int32_t, INT8_MIN, INT8_MAX)
CPYBUILD_DEFINE_CHECK(s16, int32_t, INT16_MIN, INT16_MAX)
CPYBUILD_DEFINE_CHECK_UNSIGNED(u8, uint32_t, UINT8_MAX)
CPYBUILD_DEFINE_CHECK_UNSIGNED(u16, uint32_t, UINT16_MAX)

#define CPYBUILD_DEFINE_LIFT_SMALL(NAME, CORE, LIFT)                           \
    static inline PyObject *                                                   \
    cpybuild_lift_##NAME(const char *function, CORE value)                     \
    {                                                                          \
        if (cpybuild_check_##NAME(function, value) < 0) {                      \
            return NULL;                                                       \
        }                                                                      \
        return LIFT;                                                           \
    }

#define CPYBUILD_DEFINE_LIFT(NAME, CORE, LIFT)                                 \
    static inline PyObject *                                                   \
    cpybuild_lift_##NAME(const char *Py_UNUSED(function), CORE value)          \
    {                                                                          \
        return LIFT;                                                           \
    }

CPYBUILD_DEFINE_LIFT_SMALL(s8, int32_t, PyLong_FromLong(value))
CPYBUILD_DEFINE_LIFT_SMALL(s16, int32_t, PyLong_FromLong(value))
CPYBUILD_DEFINE_LIFT_SMALL(u8, uint32_t, PyLong_FromLong((long)value))
CPYBUILD_DEFINE_LIFT_SMALL(u16, uint32_t, PyLong_FromLong((long)value))
CPYBUILD_DEFINE_LIFT(s32, int32_t, PyLong_FromLong(value))
CPYBUILD_DEFINE_LIFT(u32, uint32_t, PyLong_FromUnsignedLong(value))
CPYBUILD_DEFINE_LIFT(s64, int64_t, PyLong_FromLongLong(value))
CPYBUILD_DEFINE_LIFT(u64, uint64_t, PyLong_FromUnsignedLongLong(value))
CPYBUILD_DEFINE_LIFT(f32, float, PyFloat_FromDouble((double)value))
CPYBUILD_DEFINE_LIFT(f64, double, PyFloat_FromDouble(value))
CPYBUILD_DEFINE_LIFT(bool, uint32_t, PyBool_FromLong(value != 0))

/* --- Attributes ----------------------------------------------------------------- */

/* Get an attribute by a name that is interned.  PyObject_GetAttrString() makes a
   string for each call, which CPython's cache of attributes of types then keeps:
   it would fill with strings that nobody asks for again. */
PyObject *cpybuild_get_attribute(PyObject *object, const char *name);

/* Call a method by such a name; the argument may be NULL for none. */
PyObject *cpybuild_call_method(PyObject *object, const char *name,
                               PyObject *argument);

#endif /* !CPYBUILD_H */
