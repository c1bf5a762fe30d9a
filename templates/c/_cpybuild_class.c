/* The classes of records, of variants and their cases, and of errors. */

#include "cpybuild_types.h"

#include <stdlib.h>
#include <string.h>
#include <structmember.h>

/* --- Instances -------------------------------------------------------------- */

/* The class of an instance: its type has the methods that are its start. */
static cpybuild_class *
class_of(PyTypeObject *type)
{
    return (cpybuild_class *)(void *)type->tp_methods;
}

static PyObject **
fields_of(PyObject *self, const cpybuild_class *class_)
{
    return class_->error ? CPYBUILD_ERROR_FIELDS(self) : CPYBUILD_FIELDS(self);
}

static PyTypeObject *
exception_type(void)
{
    return (PyTypeObject *)PyExc_Exception;
}

/* A new instance without values, which the collector sees already when it is an
   exception. */
static PyObject *
new_instance(const cpybuild_class *class_)
{
    PyTypeObject *type = class_->type;
    PyObject *arguments, *self;
    if (!class_->error) {
        cpybuild_record *record = PyObject_GC_New(cpybuild_record, type);
        if (record == NULL) {
            return NULL;
        }
        memset(record->fields, 0,
               (size_t)class_->constructor.count * sizeof(PyObject *));
        return (PyObject *)record;
    }
    arguments = PyTuple_New(0);
    if (arguments == NULL) {
        return NULL;
    }
    self = exception_type()->tp_new(type, arguments, NULL);
    Py_DECREF(arguments);
    return self;
}

static PyObject *
finish_instance(PyObject *self, const cpybuild_class *class_)
{
    if (!class_->error) {
        PyObject_GC_Track(self);
    }
    return self;
}

static int
class_clear(PyObject *self)
{
    const cpybuild_class *class_ = class_of(Py_TYPE(self));
    PyObject **fields = fields_of(self, class_);
    for (Py_ssize_t i = 0; i < class_->constructor.count; i++) {
        Py_CLEAR(fields[i]);
    }
    return class_->error ? exception_type()->tp_clear(self) : 0;
}

static int
class_traverse(PyObject *self, visitproc visit, void *arg)
{
    const cpybuild_class *class_ = class_of(Py_TYPE(self));
    PyObject **fields = fields_of(self, class_);
    Py_VISIT(Py_TYPE(self));
    for (Py_ssize_t i = 0; i < class_->constructor.count; i++) {
        Py_VISIT(fields[i]);
    }
    return class_->error ? exception_type()->tp_traverse(self, visit, arg) : 0;
}

static void
class_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    const cpybuild_class *class_ = class_of(type);
    PyObject **fields = fields_of(self, class_);
    PyObject_GC_UnTrack(self);
    Py_TRASHCAN_BEGIN(self, class_dealloc)
    for (Py_ssize_t i = 0; i < class_->constructor.count; i++) {
        Py_CLEAR(fields[i]);
    }
    if (class_->error) {
        PyObject_GC_Track(self);
        exception_type()->tp_dealloc(self);
    }
    else {
        PyObject_GC_Del(self);
    }
    Py_DECREF(type);
    Py_TRASHCAN_END
}

/* Set all fields from the arguments of a call. */
static PyObject *
construct(PyObject *type, PyObject *const *args, size_t nargsf,
          PyObject *kwnames)
{
    const cpybuild_class *class_ = class_of((PyTypeObject *)type);
    const cpybuild_function *function = &class_->constructor;
    PyObject *few[16];
    PyObject **values = few;
    PyObject *self = NULL;
    if (function->count > 16) {
        values = PyMem_Malloc((size_t)function->count * sizeof(*values));
        if (values == NULL) {
            return PyErr_NoMemory();
        }
    }
    args = cpybuild_bind(function, args, PyVectorcall_NARGS(nargsf), kwnames,
                         values);
    if (args != NULL) {
        self = new_instance(class_);
    }
    if (self != NULL) {
        PyObject **fields = fields_of(self, class_);
        for (Py_ssize_t i = 0; i < function->count; i++) {
            fields[i] = Py_NewRef(args[i] == NULL ? Py_None : args[i]);
        }
        finish_instance(self, class_);
    }
    if (values != few) {
        PyMem_Free(values);
    }
    return self;
}

static PyObject *
class_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    return PyVectorcall_Call((PyObject *)type, args, kwargs);
}

/* The fields as a text, for repr() and str(). */
static PyObject *
describe_fields(PyObject *self, const cpybuild_class *class_)
{
    PyObject **fields = fields_of(self, class_);
    PyObject *parts = PyList_New(0);
    PyObject *comma = NULL, *text = NULL;
    for (Py_ssize_t i = 0; parts != NULL && i < class_->constructor.count; i++) {
        PyObject *part;
        const char *name = class_->constructor.parameters[i];
        if (fields[i] == NULL) {
            continue;
        }
        part = class_->positional
            ? PyObject_Repr(fields[i])
            : PyUnicode_FromFormat("%s=%R", name, fields[i]);
        if (part == NULL || PyList_Append(parts, part) < 0) {
            Py_CLEAR(parts);
        }
        Py_XDECREF(part);
    }
    if (parts != NULL) {
        comma = PyUnicode_FromString(", ");
    }
    if (comma != NULL) {
        text = PyUnicode_Join(comma, parts);
        Py_DECREF(comma);
    }
    Py_XDECREF(parts);
    return text;
}

static PyObject *
class_repr(PyObject *self)
{
    const cpybuild_class *class_ = class_of(Py_TYPE(self));
    PyObject *text, *answer = NULL;
    int entered = Py_ReprEnter(self);
    if (entered != 0) {
        return entered < 0 ? NULL
            : PyUnicode_FromFormat("%s(...)", class_->constructor.name);
    }
    text = describe_fields(self, class_);
    if (text != NULL) {
        answer = PyUnicode_FromFormat("%s(%U)", class_->constructor.name,
                                      text);
        Py_DECREF(text);
    }
    Py_ReprLeave(self);
    return answer;
}

/* An error says what it carries: one thing as it is. */
static PyObject *
error_str(PyObject *self)
{
    const cpybuild_class *class_ = class_of(Py_TYPE(self));
    PyObject **fields = fields_of(self, class_);
    PyObject *text;
    if (class_->positional && class_->constructor.count == 1
        && fields[0] != NULL)
    {
        return PyObject_Str(fields[0]);
    }
    if (Py_EnterRecursiveCall(" in an error's message")) {
        return NULL;
    }
    text = describe_fields(self, class_);
    Py_LeaveRecursiveCall();
    return text;
}

static PyObject *
class_compare(PyObject *self, PyObject *other, int operation)
{
    const cpybuild_class *class_ = class_of(Py_TYPE(self));
    PyObject **mine = fields_of(self, class_);
    PyObject **others;
    bool equal = true;
    if ((operation != Py_EQ && operation != Py_NE)
        || Py_TYPE(self) != Py_TYPE(other))
    {
        Py_RETURN_NOTIMPLEMENTED;
    }
    others = fields_of(other, class_);
    for (Py_ssize_t i = 0; equal && i < class_->constructor.count; i++) {
        PyObject *left = mine[i], *right = others[i];
        int same;
        if (left == NULL || right == NULL) {
            equal = left == right;
            continue;
        }
        Py_INCREF(left);
        Py_INCREF(right);
        same = PyObject_RichCompareBool(left, right, Py_EQ);
        Py_DECREF(left);
        Py_DECREF(right);
        if (same < 0) {
            return NULL;
        }
        equal = same != 0;
    }
    return PyBool_FromLong(equal == (operation == Py_EQ));
}

/* For copies and pickles. */
PyObject *
cpybuild_class_reduce(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    const cpybuild_class *class_ = class_of(Py_TYPE(self));
    PyObject **fields = fields_of(self, class_);
    PyObject *arguments = PyTuple_New(class_->constructor.count);
    if (arguments == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < class_->constructor.count; i++) {
        if (fields[i] == NULL) {
            PyErr_Format(PyExc_AttributeError, "'%s' is not set",
                         class_->constructor.parameters[i]);
            Py_DECREF(arguments);
            return NULL;
        }
        PyTuple_SET_ITEM(arguments, i, Py_NewRef(fields[i]));
    }
    return Py_BuildValue("(ON)", Py_TYPE(self), arguments);
}

/* What an error carries: itself, when it has no field of that name. */
static PyObject *
error_payload(PyObject *self, void *Py_UNUSED(closure))
{
    return Py_NewRef(self);
}

static PyGetSetDef error_getset[] = {
    {"payload", error_payload, NULL, "What the host gave.", NULL},
    {NULL, NULL, NULL, NULL, NULL}
};

/* --- Making the classes --------------------------------------------------------- */

/* The classes belong to the interpreter that made them first. */
static PyInterpreterState *owner = NULL;

/* The classes that exist, to be forgotten when the interpreter ends. */
typedef struct made {
    struct made *next;
    PyTypeObject **type;
} made;
static made *all_made = NULL;

static void
forget_classes(void)
{
    owner = NULL;
    while (all_made != NULL) {
        made *next = all_made->next;
        *all_made->type = NULL;
        free(all_made);
        all_made = next;
    }
}

int
cpybuild_check_interpreter(PyObject *module)
{
    PyInterpreterState *current = PyInterpreterState_Get();
    if (owner == NULL) {
        owner = current;
        (void)Py_AtExit(forget_classes);
    }
    if (owner != current) {
        PyErr_Format(PyExc_ImportError,
                     "%s cannot be loaded in a second interpreter",
                     PyModule_GetName(module));
        return -1;
    }
    return 0;
}

int
cpybuild_remember_type(PyTypeObject **place, PyObject *type)
{
    made *one;
    if (type == NULL) {
        return -1;
    }
    one = malloc(sizeof(*one));
    if (one == NULL) {
        Py_DECREF(type);
        PyErr_NoMemory();
        return -1;
    }
    one->type = place;
    one->next = all_made;
    all_made = one;
    *place = (PyTypeObject *)type;
    return 0;
}

int
cpybuild_set_attribute(PyObject *type, const char *name, PyObject *value)
{
    int done;
    if (value == NULL) {
        return -1;
    }
    done = PyObject_SetAttrString(type, name, value);
    Py_DECREF(value);
    return done;
}

/* Python takes what precedes the last dot of a type's name for its module. */
static int
set_names(PyObject *type, const char *name, size_t module_length)
{
    PyObject *module = PyUnicode_FromStringAndSize(name,
                                                   (Py_ssize_t)module_length);
    if (cpybuild_set_attribute(type, "__module__", module) < 0) {
        return -1;
    }
    return cpybuild_set_attribute(
        type, "__qualname__", PyUnicode_FromString(name + module_length + 1));
}

static int
set_fields(PyObject *type, const cpybuild_function *function)
{
    PyObject *names = PyTuple_New(function->count);
    if (names == NULL) {
        return -1;
    }
    for (Py_ssize_t i = 0; i < function->count; i++) {
        PyObject *name = PyUnicode_InternFromString(function->parameters[i]);
        if (name == NULL) {
            Py_DECREF(names);
            return -1;
        }
        PyTuple_SET_ITEM(names, i, name);
    }
    if (cpybuild_set_attribute(type, "__slots__", Py_NewRef(names)) < 0) {
        Py_DECREF(names);
        return -1;
    }
    return cpybuild_set_attribute(type, "__match_args__", names);
}

static bool
has_payload_field(const cpybuild_function *function)
{
    for (Py_ssize_t i = 0; i < function->count; i++) {
        if (strcmp(function->parameters[i], "payload") == 0) {
            return true;
        }
    }
    return false;
}

static PyObject *
make_type(PyObject *module, const cpybuild_class *class_, PyObject *base)
{
    const cpybuild_function *function = &class_->constructor;
    size_t first = class_->error ? offsetof(cpybuild_record_error, fields)
                                 : offsetof(cpybuild_record, fields);
    PyMemberDef *members = PyMem_Calloc((size_t)function->count + 1,
                                        sizeof(*members));
    PyType_Slot slots[14];
    PyType_Spec spec = {
        .name = class_->name,
        .basicsize = (int)(first
                           + (size_t)function->count * sizeof(PyObject *)),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
        .slots = slots,
    };
    PyObject *type;
    size_t count = 0;
    if (members == NULL) {
        return PyErr_NoMemory();
    }
    for (Py_ssize_t i = 0; i < function->count; i++) {
        members[i].name = function->parameters[i];
        members[i].type = T_OBJECT_EX;
        members[i].offset =
            (Py_ssize_t)(first + (size_t)i * sizeof(PyObject *));
    }
    slots[count++] = (PyType_Slot){Py_tp_new, class_new};
    slots[count++] = (PyType_Slot){Py_tp_dealloc, class_dealloc};
    slots[count++] = (PyType_Slot){Py_tp_traverse, class_traverse};
    slots[count++] = (PyType_Slot){Py_tp_clear, class_clear};
    slots[count++] = (PyType_Slot){Py_tp_repr, class_repr};
    slots[count++] = (PyType_Slot){Py_tp_richcompare, class_compare};
    slots[count++] = (PyType_Slot){Py_tp_hash, PyObject_HashNotImplemented};
    slots[count++] = (PyType_Slot){Py_tp_members, members};
    slots[count++] = (PyType_Slot){
        Py_tp_methods, (void *)(uintptr_t)class_->methods};
    if (class_->doc != NULL) {
        slots[count++] = (PyType_Slot){
            Py_tp_doc, (void *)(uintptr_t)class_->doc};
    }
    if (class_->error) {
        slots[count++] = (PyType_Slot){Py_tp_str, error_str};
        if (!has_payload_field(function)) {
            slots[count++] = (PyType_Slot){Py_tp_getset, error_getset};
        }
    }
    slots[count] = (PyType_Slot){0, NULL};
    type = PyType_FromModuleAndSpec(module, &spec, base);
    PyMem_Free(members);
    if (type == NULL) {
        return NULL;
    }
    if (set_names(type, class_->name, class_->module_length) < 0
        || set_fields(type, function) < 0)
    {
        Py_DECREF(type);
        return NULL;
    }
    ((PyTypeObject *)type)->tp_vectorcall = construct;
    return type;
}

int
cpybuild_add_class(PyObject *module, cpybuild_class *class_)
{
    if (cpybuild_check_interpreter(module) < 0) {
        return -1;
    }
    if (class_->type == NULL) {
        PyObject *base = class_->error ? PyExc_Exception : NULL;
        if (cpybuild_remember_type(&class_->type,
                                   make_type(module, class_, base))
            < 0)
        {
            return -1;
        }
    }
    return PyModule_AddObjectRef(module,
                                 class_->name + class_->module_length + 1,
                                 (PyObject *)class_->type);
}

/* The class of all values of a variant, which has no instances itself. */
static PyObject *
make_base(PyObject *module, const cpybuild_variant *variant)
{
    PyType_Slot slots[] = {
        {variant->doc == NULL ? 0 : Py_tp_doc,
         (void *)(uintptr_t)variant->doc},
        {0, NULL}
    };
    PyType_Spec spec = {
        .name = variant->name,
        .basicsize = variant->error ? sizeof(PyBaseExceptionObject)
                                    : sizeof(PyObject),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE
                 | Py_TPFLAGS_DISALLOW_INSTANTIATION,
        .slots = slots,
    };
    PyObject *type = PyType_FromModuleAndSpec(
        module, &spec, variant->error ? PyExc_Exception : NULL);
    if (type == NULL
        || set_names(type, variant->name, variant->module_length) < 0
        || cpybuild_set_attribute(type, "__slots__", PyTuple_New(0)) < 0)
    {
        Py_XDECREF(type);
        return NULL;
    }
    return type;
}

/* Make the class of a case as an attribute of its variant's. */
static int
add_case(PyObject *module, const cpybuild_variant *variant, PyObject *base,
         uint32_t tag)
{
    cpybuild_class *case_ = &variant->cases[tag];
    PyObject *type = make_type(module, case_, base);
    case_->tag = tag;
    if (cpybuild_remember_type(&case_->type, type) < 0) {
        return -1;
    }
    return PyObject_SetAttrString(base, strrchr(case_->name, '.') + 1, type);
}

static int
make_variant(PyObject *module, cpybuild_variant *variant)
{
    PyObject *base = make_base(module, variant);
    if (base == NULL) {
        return -1;
    }
    for (uint32_t tag = 0; tag < variant->count; tag++) {
        if (add_case(module, variant, base, tag) < 0) {
            Py_DECREF(base);
            return -1;
        }
    }
    /* Nobody else can add a case. */
    ((PyTypeObject *)base)->tp_flags &= ~Py_TPFLAGS_BASETYPE;
    return cpybuild_remember_type(&variant->type, base);
}

int
cpybuild_add_variant(PyObject *module, cpybuild_variant *variant)
{
    if (cpybuild_check_interpreter(module) < 0
        || (variant->type == NULL && make_variant(module, variant) < 0))
    {
        return -1;
    }
    return PyModule_AddObjectRef(module,
                                 variant->name + variant->module_length + 1,
                                 (PyObject *)variant->type);
}

int
cpybuild_need_module(const char *name)
{
    PyObject *module = PyImport_ImportModule(name);
    Py_XDECREF(module);
    return module == NULL ? -1 : 0;
}

/* --- Some, Ok and Err --------------------------------------------------------------- */

static const char *const value_field[] = {"value"};

#define BUILTIN_CLASS(NAME, REQUIRED, DOC)                                     \
    {                                                                          \
        {{"__reduce__", cpybuild_class_reduce, METH_NOARGS, NULL},             \
         {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS,           \
          "For annotations."},                                                 \
         {NULL, NULL, 0, NULL}},                                               \
        {NAME, value_field, 1, REQUIRED},                                      \
        "_cpybuild." NAME, sizeof("_cpybuild") - 1, DOC, false, true, 0, NULL  \
    }

cpybuild_class cpybuild_some_class = BUILTIN_CLASS(
    "Some", 1,
    "Some(value)\n--\n\nA value that is there, where None may be one too.");
cpybuild_class cpybuild_ok_class = BUILTIN_CLASS(
    "Ok", 0, "Ok(value=None)\n--\n\nA result that is no error.");
cpybuild_class cpybuild_err_class = BUILTIN_CLASS(
    "Err", 0, "Err(value=None)\n--\n\nA result that is an error.");

int
cpybuild_need_class(cpybuild_class *class_)
{
    PyObject *module;
    int done;
    if (class_->type != NULL) {
        return 0;
    }
    module = PyImport_ImportModule("_cpybuild");
    if (module == NULL) {
        return -1;
    }
    done = cpybuild_add_class(module, class_);
    Py_DECREF(module);
    return done;
}

/* --- Lowering and lifting ------------------------------------------------------------ */

int
cpybuild_refuse_class(cpybuild_call *call, const char *name, PyObject *object)
{
    return cpybuild_refuse(call, name, object);
}

int
cpybuild_open_variant(cpybuild_call *call, PyObject *object,
                      const cpybuild_variant *variant)
{
    PyTypeObject *type = Py_TYPE(object);
    if (type->tp_base != variant->type) {
        return cpybuild_refuse_class(call, variant->name, object);
    }
    return (int)class_of(type)->tag;
}

int
cpybuild_open_result(cpybuild_call *call, PyObject *object)
{
    if (Py_IS_TYPE(object, cpybuild_ok_class.type)) {
        return 0;
    }
    if (Py_IS_TYPE(object, cpybuild_err_class.type)) {
        return 1;
    }
    return cpybuild_refuse(call, "Ok or Err", object);
}

PyObject *
cpybuild_new_record(const cpybuild_class *class_)
{
    return new_instance(class_);
}

PyObject *
cpybuild_new_case(const cpybuild_class *class_, PyObject *payload)
{
    PyObject *self;
    if (payload == NULL) {
        return NULL;
    }
    self = new_instance(class_);
    if (self == NULL) {
        Py_DECREF(payload);
        return NULL;
    }
    fields_of(self, class_)[0] = payload;
    return finish_instance(self, class_);
}

PyObject *
cpybuild_lift_case(cpybuild_call *call, const cpybuild_class *class_,
                   PyObject *payload)
{
    if (payload == NULL) {
        cpybuild_at_field(call, "value");
        return NULL;
    }
    return cpybuild_new_case(class_, payload);
}

PyObject *
cpybuild_new_empty_case(const cpybuild_class *class_)
{
    PyObject *self = new_instance(class_);
    return self == NULL ? NULL : finish_instance(self, class_);
}

void
cpybuild_raise_error(const cpybuild_class *class_, PyObject *error)
{
    if (class_ != NULL) {
        error = cpybuild_new_case(class_, error);
    }
    if (error != NULL) {
        PyErr_SetObject((PyObject *)Py_TYPE(error), error);
        Py_DECREF(error);
    }
}

PyObject *
cpybuild_take_error(PyTypeObject *type)
{
    PyObject *class_, *error, *traceback;
    if (type == NULL || !PyErr_ExceptionMatches((PyObject *)type)) {
        return NULL;
    }
    PyErr_Fetch(&class_, &error, &traceback);
    PyErr_NormalizeException(&class_, &error, &traceback);
    Py_XDECREF(class_);
    Py_XDECREF(traceback);
    return error;
}
