/* What the generated C modules need for types that are made of others: the
   memory of a call, lists, the Python classes of records, variants, enums,
   flags and resources, and where in a value something is wrong.

   Every type has a C type with the memory layout of the Canonical ABI, a
   function lower_*() that fills it from a Python object, and a function
   lift_*() that makes a Python object of it.  Those are generated; what they
   are made of is here. */

#ifndef CPYBUILD_TYPES_H
#define CPYBUILD_TYPES_H

#include "cpybuild.h"

#include <string.h>

/* A list of anything. */
typedef struct {
    void *ptr;
    size_t len;
} cpybuild_list;

/* --- The call ------------------------------------------------------------ */

/* Memory that is needed until the end of a call. */
typedef struct cpybuild_chunk cpybuild_chunk;
/* Python objects whose memory the host reads during the call. */
typedef struct cpybuild_kept cpybuild_kept;
typedef struct cpybuild_resource cpybuild_resource;

/* A call of a host function: what it needs, and what an error message needs. */
typedef struct {
    /* Qualified name of the function, and for lowering: which of the arguments
       of "function" is lowered. */
    const char *name;
    const cpybuild_function *function;
    Py_ssize_t index;
    /* Unused memory for lowered lists. */
    char *room;
    char *room_end;
    cpybuild_chunk *chunks;
    cpybuild_kept *kept;
    /* Resources that the host may use until the end of the call. */
    cpybuild_kept *lent;
    cpybuild_hold *held;
    /* Resources that the call gives away, and those that the host lends to a
       call of its own. */
    cpybuild_resource *given;
    cpybuild_resource *borrowed;
    /* What the host got from cabi_realloc() for its result; and the list of
       the call around this one. */
    cpybuild_block *received;
    cpybuild_block **outer;
    /* Where in the argument or the result an error is, written from the end. */
    size_t path_start;
    char path[160];
    uint64_t first_room[32];
} cpybuild_call;

static inline void
cpybuild_begin(cpybuild_call *call, const char *name,
               const cpybuild_function *function)
{
    call->name = name;
    call->function = function;
    call->index = 0;
    call->room = (char *)call->first_room;
    call->room_end = call->room + sizeof(call->first_room);
    call->chunks = NULL;
    call->kept = NULL;
    call->lent = NULL;
    call->held = NULL;
    call->given = NULL;
    call->borrowed = NULL;
    call->received = NULL;
    call->path_start = sizeof(call->path) - 1;
    call->path[call->path_start] = '\0';
}

/* The import is called between these two. */
static inline void
cpybuild_enter(cpybuild_call *call)
{
    call->outer = cpybuild_received;
    cpybuild_received = &call->received;
}

static inline void
cpybuild_leave(cpybuild_call *call)
{
    cpybuild_received = call->outer;
}

void cpybuild_end_slowly(cpybuild_call *call);

/* Free what the call needed. */
static inline void
cpybuild_end(cpybuild_call *call)
{
    if (call->chunks != NULL || call->kept != NULL || call->lent != NULL
        || call->held != NULL || call->given != NULL
        || call->received != NULL)
    {
        cpybuild_end_slowly(call);
    }
}

/* Memory for "count" values of "size" bytes each, or NULL with an exception. */
void *cpybuild_allocate(cpybuild_call *call, size_t count, size_t size);

/* Keep an object until the end of the call. */
int cpybuild_keep(cpybuild_call *call, PyObject *object);

/* Keep a resource, and keep it from being dropped or given away. */
int cpybuild_lend(cpybuild_call *call, cpybuild_resource *resource);

/* --- Errors in parts of values ------------------------------------------- */

/* Each adds a step to where the error is, outermost last, and returns -1. */
int cpybuild_at_index(cpybuild_call *call, size_t index);
int cpybuild_at_field(cpybuild_call *call, const char *name);

/* Say in the exception where in the argument, or in the result, the error is.
   Both return NULL. */
PyObject *cpybuild_refuse_argument(cpybuild_call *call);
PyObject *cpybuild_refuse_answer(cpybuild_call *call);

/* "expected" is what the argument must be. */
int cpybuild_refuse(cpybuild_call *call, const char *expected,
                    PyObject *object);
/* "type" is what the host's value is not. */
PyObject *cpybuild_refuse_value(cpybuild_call *call, const char *type);

/* --- Flat values ------------------------------------------------------------ */

/* The bits of a number, for the flat values that cases of a variant share. */
static inline uint32_t
cpybuild_bits_f32(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static inline uint64_t
cpybuild_bits_f64(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

/* --- Strings, bytes, booleans in memory ----------------------------------- */

int cpybuild_lower_text(cpybuild_call *call, PyObject *object,
                        cpybuild_string *value);
int cpybuild_lower_blob(cpybuild_call *call, PyObject *object,
                        cpybuild_bytes *value);
PyObject *cpybuild_lift_text(cpybuild_call *call,
                             const cpybuild_string *value);
PyObject *cpybuild_lift_blob(cpybuild_call *call, const cpybuild_bytes *value);

static inline int
cpybuild_lower_truth(cpybuild_call *call, PyObject *object, uint8_t *value)
{
    if (!PyBool_Check(object)) {
        return cpybuild_refuse_type(call->function, call->index, "bool",
                                    object);
    }
    *value = object == Py_True;
    return 0;
}

/* The payload of a result's case that has none. */
int cpybuild_lower_nothing(cpybuild_call *call, PyObject *object);

/* --- Lists ----------------------------------------------------------------- */

/* Give a list or tuple of the elements of any sequence, a new reference, and
   memory for as many values. */
PyObject *cpybuild_open_list(cpybuild_call *call, PyObject *object,
                             size_t size, cpybuild_list *value);

/* The element "index" of what cpybuild_open_list() gave, borrowed: NULL with an
   exception when it has another length by now. */
PyObject *cpybuild_element_slowly(void);
static inline PyObject *
cpybuild_element(PyObject *sequence, size_t index, size_t count)
{
    if ((size_t)Py_SIZE(sequence) != count) {
        return cpybuild_element_slowly();
    }
    return PyTuple_CheckExact(sequence) ? PyTuple_GET_ITEM(sequence, index)
                                        : PyList_GET_ITEM(sequence, index);
}

/* Lower the floats that such a sequence begins with, as long as no object's own
   code has to run; return how many that are. */
static inline size_t
cpybuild_lower_floats(PyObject *sequence, double *elements, size_t count)
{
    PyObject *const *items = PySequence_Fast_ITEMS(sequence);
    size_t i = 0;
    while (i < count && PyFloat_CheckExact(items[i])) {
        elements[i] = PyFloat_AS_DOUBLE(items[i]);
        i++;
    }
    return i;
}

/* Lower a buffer of numbers as a whole: "letters" are the format characters
   that fit, "size" is a number's.  Return 1 when that is done, 0 when the object
   is no such buffer, -1 with an exception. */
int cpybuild_lower_numbers(cpybuild_call *call, PyObject *object,
                           const char *letters, size_t size,
                           cpybuild_list *value);

/* The elements of a list of the host's, or NULL with an exception. */
const void *cpybuild_open_received(cpybuild_call *call,
                                   const cpybuild_list *value, size_t size,
                                   size_t align, const char *type);

/* The same without an exception, for what is in a list that is not lifted. */
void *cpybuild_reach(cpybuild_call *call, const cpybuild_list *value,
                     size_t size, size_t align);

/* Claim the block of a string or a list<u8> that is not lifted. */
static inline void
cpybuild_claim(cpybuild_call *call, const void *ptr, size_t len)
{
    if (len != 0) {
        (void)cpybuild_is_received(ptr, len, call->received);
    }
}

/* An array.array of the host's numbers. */
PyObject *cpybuild_lift_numbers(cpybuild_call *call,
                                const cpybuild_list *value, size_t size,
                                const char *typecode, const char *type);

/* --- Tuples ------------------------------------------------------------------ */

int cpybuild_refuse_tuple(cpybuild_call *call, PyObject *object,
                          Py_ssize_t count);

static inline int
cpybuild_open_tuple(cpybuild_call *call, PyObject *object, Py_ssize_t count)
{
    if (!PyTuple_Check(object) || PyTuple_GET_SIZE(object) != count) {
        return cpybuild_refuse_tuple(call, object, count);
    }
    return 0;
}

/* --- Records and the like ----------------------------------------------------- */

/* The Python class of a record, of a variant's case, or of an error that
   carries a payload: its instances have fields and nothing else. */
typedef struct {
    /* First, so that the class is found by its type's tp_methods. */
    PyMethodDef methods[3];
    /* Short name and fields, as a function that takes them. */
    cpybuild_function constructor;
    /* With the name of the module: demo.Row. */
    const char *name;
    /* Where the module's name ends. */
    size_t module_length;
    /* Begins with the text signature. */
    const char *doc;
    /* An exception. */
    bool error;
    /* Shown without the names of its fields. */
    bool positional;
    /* Which case of its variant it is. */
    uint32_t tag;
    PyTypeObject *type;
} cpybuild_class;

extern PyObject *cpybuild_class_reduce(PyObject *self, PyObject *ignored);
#define CPYBUILD_CLASS_METHODS                                                 \
    {{"__reduce__", cpybuild_class_reduce, METH_NOARGS, NULL},                 \
     {NULL, NULL, 0, NULL}}

/* The classes of a variant: that of all its values, and one for each case. */
typedef struct {
    const char *name;
    size_t module_length;
    const char *doc;
    bool error;
    cpybuild_class *cases;
    uint32_t count;
    PyTypeObject *type;
} cpybuild_variant;

/* Some, for options of options; Ok and Err, for results that are values.  They
   belong to the module _cpybuild. */
extern cpybuild_class cpybuild_some_class;
extern cpybuild_class cpybuild_ok_class;
extern cpybuild_class cpybuild_err_class;

/* Make one of them when that is not done yet. */
int cpybuild_need_class(cpybuild_class *class_);

/* Make a class when that is not done yet, and give it to a module. */
int cpybuild_add_class(PyObject *module, cpybuild_class *class_);
int cpybuild_add_variant(PyObject *module, cpybuild_variant *variant);

/* Load the module whose classes are needed. */
int cpybuild_need_module(const char *name);

/* What follows is for the files _cpybuild_*.c themselves. */

/* Keep the classes of this interpreter from any other one. */
int cpybuild_check_interpreter(PyObject *module);

/* Put a type, which is stolen, where it stays until the interpreter ends.
   NULL means that an exception is set. */
int cpybuild_remember_type(PyTypeObject **place, PyObject *type);

/* Set an attribute of a type to a value, which is stolen. */
int cpybuild_set_attribute(PyObject *type, const char *name, PyObject *value);

/* The fields of an instance; an exception has them after its own. */
typedef struct {
    PyObject_HEAD
    PyObject *fields[1];
} cpybuild_record;
typedef struct {
    PyBaseExceptionObject head;
    PyObject *fields[1];
} cpybuild_record_error;
#define CPYBUILD_FIELDS(OBJECT) (((cpybuild_record *)(OBJECT))->fields)
#define CPYBUILD_ERROR_FIELDS(OBJECT) (((cpybuild_record_error *)(OBJECT))->fields)

/* A field to be lowered.  An unset one is no value of any type. */
static inline PyObject *
cpybuild_field(PyObject **fields, size_t index)
{
    return fields[index] == NULL ? Py_NotImplemented : fields[index];
}

int cpybuild_refuse_class(cpybuild_call *call, const char *name,
                          PyObject *object);

/* Refuse what is not an instance. */
static inline int
cpybuild_open_record(cpybuild_call *call, PyObject *object,
                     const cpybuild_class *class_)
{
    if (!Py_IS_TYPE(object, class_->type)) {
        return cpybuild_refuse_class(call, class_->name, object);
    }
    return 0;
}

/* Tell which case an instance is, or return -1 with an exception. */
int cpybuild_open_variant(cpybuild_call *call, PyObject *object,
                          const cpybuild_variant *variant);
int cpybuild_open_result(cpybuild_call *call, PyObject *object);

/* A new instance whose fields are still to be set.  The collector does not see
   it yet, unless it is an exception. */
PyObject *cpybuild_new_record(const cpybuild_class *class_);

/* A new instance for a case.  "payload" is stolen; when it is NULL, so is the
   answer. */
PyObject *cpybuild_new_case(const cpybuild_class *class_, PyObject *payload);
/* The same, and says that it was the payload that failed. */
PyObject *cpybuild_lift_case(cpybuild_call *call, const cpybuild_class *class_,
                             PyObject *payload);
/* The same without a payload. */
PyObject *cpybuild_new_empty_case(const cpybuild_class *class_);

/* Raise an error of the host.  "error" is stolen: an exception, or with a class
   the payload of one.  NULL means that an exception is set. */
void cpybuild_raise_error(const cpybuild_class *class_, PyObject *error);

/* Take the exception that is set when it is of a class, as a new reference.
   NULL leaves it set. */
PyObject *cpybuild_take_error(PyTypeObject *type);

/* --- Enums and flags ------------------------------------------------------------ */

typedef struct {
    const char *name;
    size_t module_length;
    const char *doc;
    const char *const *labels;
    uint32_t count;
    bool flags;
    PyTypeObject *type;
    /* Of an enum: its members.  Of flags: a dict of the values so far. */
    PyObject **members;
    PyObject *values;
} cpybuild_enum;

int cpybuild_add_enum(PyObject *module, cpybuild_enum *enum_);
int cpybuild_lower_enum(cpybuild_call *call, PyObject *object,
                        const cpybuild_enum *enum_, uint32_t *value);
int cpybuild_lower_flags(cpybuild_call *call, PyObject *object,
                         const cpybuild_enum *enum_, uint32_t *value);
PyObject *cpybuild_lift_enum(cpybuild_call *call, const cpybuild_enum *enum_,
                             uint32_t value);
PyObject *cpybuild_lift_flags(const cpybuild_enum *enum_, uint32_t value);

/* --- Resources --------------------------------------------------------------------- */

typedef struct {
    const char *name;
    size_t module_length;
    const char *doc;
    /* Ends with __enter__, __exit__ and the end mark. */
    PyMethodDef *methods;
    /* NULL when programs cannot make one. */
    vectorcallfunc construct;
    /* Tells the host that a handle is not needed any more. */
    void (*drop)(uint32_t handle);
    PyTypeObject *type;
} cpybuild_resource_class;

/* A handle of the host's. */
struct cpybuild_resource {
    PyObject_HEAD
    const cpybuild_resource_class *class_;
    uint32_t handle;
    enum {
        CPYBUILD_OPEN,
        CPYBUILD_GIVEN,
        CPYBUILD_GONE,
        CPYBUILD_TAKEN_BACK,
    } state;
    /* It is the host's, which needs it back when its call ends. */
    bool borrowed;
    /* Calls under way that it is an argument of, and which it must outlive. */
    uint32_t lends;
    /* In the list of those that a call gives away or has borrowed. */
    cpybuild_resource *next;
    PyObject *weak_references;
};

PyObject *cpybuild_resource_enter(PyObject *self, PyObject *ignored);
PyObject *cpybuild_resource_exit(PyObject *self, PyObject *const *args,
                                 Py_ssize_t nargs);
#define CPYBUILD_RESOURCE_METHODS                                              \
    {"__enter__", cpybuild_resource_enter, METH_NOARGS,                        \
     "__enter__($self, /)\n--\n\n"},                                           \
    {"__exit__", (PyCFunction)(void (*)(void))cpybuild_resource_exit,          \
     METH_FASTCALL,                                                            \
     "__exit__($self, /, *args)\n--\n\n"                                       \
     "Tell the host that the object is not needed any more."},                 \
    {NULL, NULL, 0, NULL}

int cpybuild_add_resource(PyObject *module, cpybuild_resource_class *class_);
int cpybuild_lower_borrow(cpybuild_call *call, PyObject *object,
                          const cpybuild_resource_class *class_,
                          uint32_t *handle);
/* The object loses its handle when the call is made: cpybuild_give(). */
int cpybuild_lower_own(cpybuild_call *call, PyObject *object,
                       const cpybuild_resource_class *class_,
                       uint32_t *handle);
void cpybuild_give(cpybuild_call *call);
/* Both take the handle out of the memory that it is in: each is lifted or
   dropped, and once. */
PyObject *cpybuild_lift_own(const cpybuild_resource_class *class_,
                            const uint32_t *place);
void cpybuild_discard(const cpybuild_resource_class *class_, uint32_t *place);
/* The object loses its handle when the host's call ends: by
   cpybuild_return_borrowed(), with the list of the call. */
PyObject *cpybuild_lift_borrow(cpybuild_call *call,
                               const cpybuild_resource_class *class_,
                               const uint32_t *place);
void cpybuild_return_borrowed(cpybuild_resource *borrowed);

#endif /* !CPYBUILD_TYPES_H */
