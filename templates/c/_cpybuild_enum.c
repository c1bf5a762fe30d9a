/* Enums and flags: classes of Python's module enum. */

#include "cpybuild_types.h"

/* --- Making the classes ---------------------------------------------------------- */

static PyObject *
make_members(const cpybuild_enum *enum_)
{
    PyObject *list = PyList_New((Py_ssize_t)enum_->count);
    if (list == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < enum_->count; i++) {
        unsigned long value = enum_->flags ? 1UL << i : i;
        PyObject *pair = Py_BuildValue("(sk)", enum_->labels[i], value);
        if (pair == NULL) {
            Py_DECREF(list);
            return NULL;
        }
        PyList_SET_ITEM(list, (Py_ssize_t)i, pair);
    }
    return list;
}

/* Call enum.Enum or enum.Flag with the names of the members. */
static PyObject *
make_type(const cpybuild_enum *enum_)
{
    PyObject *module = PyImport_ImportModule("enum");
    PyObject *base = NULL, *arguments = NULL, *keywords = NULL, *type = NULL;
    PyObject *members = make_members(enum_);
    if (module != NULL && members != NULL) {
        const char *name = enum_->name + enum_->module_length + 1;
        base = PyObject_GetAttrString(module, enum_->flags ? "Flag" : "Enum");
        arguments = Py_BuildValue("(sO)", name, members);
        keywords = Py_BuildValue("{s:s#}", "module", enum_->name,
                                 (Py_ssize_t)enum_->module_length);
    }
    if (base != NULL && arguments != NULL && keywords != NULL) {
        type = PyObject_Call(base, arguments, keywords);
    }
    Py_XDECREF(module);
    Py_XDECREF(members);
    Py_XDECREF(base);
    Py_XDECREF(arguments);
    Py_XDECREF(keywords);
    return type;
}

static int
fill_members(cpybuild_enum *enum_, PyObject *type)
{
    for (uint32_t i = 0; i < enum_->count && !enum_->flags; i++) {
        enum_->members[i] = PyObject_GetAttrString(type, enum_->labels[i]);
        if (enum_->members[i] == NULL) {
            return -1;
        }
    }
    enum_->values = PyDict_New();
    return enum_->values == NULL ? -1 : 0;
}

static int
make_enum(cpybuild_enum *enum_)
{
    PyObject *type = make_type(enum_);
    if (type == NULL) {
        return -1;
    }
    if ((enum_->doc != NULL
         && cpybuild_set_attribute(type, "__doc__",
                                   PyUnicode_FromString(enum_->doc)) < 0)
        || fill_members(enum_, type) < 0)
    {
        Py_DECREF(type);
        return -1;
    }
    return cpybuild_remember_type(&enum_->type, type);
}

int
cpybuild_add_enum(PyObject *module, cpybuild_enum *enum_)
{
    if (cpybuild_check_interpreter(module) < 0
        || (enum_->type == NULL && make_enum(enum_) < 0))
    {
        return -1;
    }
    return PyModule_AddObjectRef(module,
                                 enum_->name + enum_->module_length + 1,
                                 (PyObject *)enum_->type);
}

/* --- Lowering and lifting ----------------------------------------------------------- */

/* The number of a member, or -1 with an exception. */
static int64_t
number_of(cpybuild_call *call, PyObject *object, const cpybuild_enum *enum_)
{
    PyObject *number;
    unsigned long value;
    if (!Py_IS_TYPE(object, enum_->type)) {
        return cpybuild_refuse_class(call, enum_->name, object);
    }
    number = cpybuild_get_attribute(object, "_value_");
    if (number == NULL) {
        return -1;
    }
    value = PyLong_AsUnsignedLong(number);
    Py_DECREF(number);
    if (value == (unsigned long)-1 && PyErr_Occurred()) {
        return -1;
    }
    return (int64_t)(uint32_t)value;
}

int
cpybuild_lower_enum(cpybuild_call *call, PyObject *object,
                    const cpybuild_enum *enum_, uint32_t *value)
{
    int64_t number;
    /* Most enums are short. */
    for (uint32_t i = 0; i < enum_->count && i < 16; i++) {
        if (enum_->members[i] == object) {
            *value = i;
            return 0;
        }
    }
    number = number_of(call, object, enum_);
    if (number < 0) {
        return -1;
    }
    if (number >= enum_->count || enum_->members[number] != object) {
        return cpybuild_refuse_class(call, enum_->name, object);
    }
    *value = (uint32_t)number;
    return 0;
}

static uint32_t
all_flags(const cpybuild_enum *enum_)
{
    return enum_->count == 32 ? UINT32_MAX : (UINT32_C(1) << enum_->count) - 1;
}

int
cpybuild_lower_flags(cpybuild_call *call, PyObject *object,
                     const cpybuild_enum *enum_, uint32_t *value)
{
    int64_t number = number_of(call, object, enum_);
    if (number < 0) {
        return -1;
    }
    *value = (uint32_t)number & all_flags(enum_);
    return 0;
}

PyObject *
cpybuild_lift_enum(cpybuild_call *call, const cpybuild_enum *enum_,
                   uint32_t value)
{
    if (value >= enum_->count) {
        return cpybuild_refuse_value(call,
                                     enum_->name + enum_->module_length + 1);
    }
    return Py_NewRef(enum_->members[value]);
}

PyObject *
cpybuild_lift_flags(const cpybuild_enum *enum_, uint32_t value)
{
    /* The ABI ignores bits without a name. */
    PyObject *number = PyLong_FromUnsignedLong(value & all_flags(enum_));
    PyObject *flags;
    if (number == NULL) {
        return NULL;
    }
    flags = Py_XNewRef(PyDict_GetItemWithError(enum_->values, number));
    if (flags == NULL && !PyErr_Occurred()) {
        flags = PyObject_CallOneArg((PyObject *)enum_->type, number);
        if (flags != NULL
            && PyDict_Size(enum_->values) < 256
            && PyDict_SetItem(enum_->values, number, flags) < 0)
        {
            Py_CLEAR(flags);
        }
    }
    Py_DECREF(number);
    return flags;
}
