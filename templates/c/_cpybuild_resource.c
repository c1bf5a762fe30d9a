/* Resources: Python objects that hold a handle of the host's. */

#include "cpybuild_types.h"

#include <structmember.h>

/* Tell the host that the handle is not needed.  The host may raise. */
static int
drop(cpybuild_resource *resource)
{
    resource->state = CPYBUILD_GONE;
    resource->class_->drop(resource->handle);
    return cpybuild_check();
}

static void
resource_finalize(PyObject *self)
{
    cpybuild_resource *resource = (cpybuild_resource *)self;
    PyObject *type, *error, *traceback;
    if (resource->state != CPYBUILD_OPEN) {
        return;
    }
    PyErr_Fetch(&type, &error, &traceback);
    if (drop(resource) < 0) {
        PyErr_WriteUnraisable((PyObject *)Py_TYPE(self));
    }
    PyErr_Restore(type, error, traceback);
}

static void
resource_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (PyObject_CallFinalizerFromDealloc(self) < 0) {
        return;
    }
    PyObject_ClearWeakRefs(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
resource_repr(PyObject *self)
{
    static const char *const states[] = {
        "", ", given away", ", dropped", ", taken back",
    };
    cpybuild_resource *resource = (cpybuild_resource *)self;
    bool borrowed = resource->borrowed && resource->state == CPYBUILD_OPEN;
    return PyUnicode_FromFormat("<%s, handle %u%s>", resource->class_->name,
                                (unsigned)resource->handle,
                                borrowed ? ", borrowed" : states[resource->state]);
}

/* Return -1 with an exception when the handle is not this object's any more. */
static int
check_open(const cpybuild_resource *resource)
{
    const char *what;
    switch (resource->state) {
    case CPYBUILD_OPEN:
        return 0;
    case CPYBUILD_GIVEN:
        what = "given away";
        break;
    case CPYBUILD_GONE:
        what = "dropped";
        break;
    default:
        what = "borrowed for a call that has ended";
        break;
    }
    PyErr_Format(PyExc_ValueError, "the %s was %s", resource->class_->name,
                 what);
    return -1;
}

/* The same when it is lent to the host, which may still use it. */
static int
check_free(const cpybuild_resource *resource)
{
    if (resource->lends == 0) {
        return 0;
    }
    PyErr_Format(PyExc_ValueError, "the %s is lent to a function of the host",
                 resource->class_->name);
    return -1;
}

PyObject *
cpybuild_resource_enter(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    if (check_open((cpybuild_resource *)self) < 0) {
        return NULL;
    }
    return Py_NewRef(self);
}

PyObject *
cpybuild_resource_exit(PyObject *self, PyObject *const *Py_UNUSED(args),
                       Py_ssize_t Py_UNUSED(nargs))
{
    cpybuild_resource *resource = (cpybuild_resource *)self;
    if (resource->state == CPYBUILD_OPEN
        && (check_free(resource) < 0 || drop(resource) < 0))
    {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMemberDef resource_members[] = {
    {"__weaklistoffset__", T_PYSSIZET,
     offsetof(cpybuild_resource, weak_references), READONLY, NULL},
    {NULL, 0, 0, 0, NULL}
};

static int
make_resource(PyObject *module, cpybuild_resource_class *class_)
{
    PyType_Slot slots[] = {
        {Py_tp_dealloc, resource_dealloc},
        {Py_tp_finalize, resource_finalize},
        {Py_tp_repr, resource_repr},
        {Py_tp_methods, class_->methods},
        {Py_tp_members, resource_members},
        /* Last, since it may be absent. */
        {class_->doc == NULL ? 0 : Py_tp_doc, (void *)(uintptr_t)class_->doc},
        {0, NULL}
    };
    PyType_Spec spec = {
        .name = class_->name,
        .basicsize = sizeof(cpybuild_resource),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
        .slots = slots,
    };
    PyObject *type = PyType_FromModuleAndSpec(module, &spec, NULL);
    if (cpybuild_remember_type(&class_->type, type) < 0) {
        return -1;
    }
    class_->type->tp_vectorcall = class_->construct;
    return 0;
}

int
cpybuild_add_resource(PyObject *module, cpybuild_resource_class *class_)
{
    if (cpybuild_check_interpreter(module) < 0
        || (class_->type == NULL && make_resource(module, class_) < 0))
    {
        return -1;
    }
    return PyModule_AddObjectRef(module,
                                 class_->name + class_->module_length + 1,
                                 (PyObject *)class_->type);
}

static int
open_resource(cpybuild_call *call, PyObject *object,
              const cpybuild_resource_class *class_)
{
    if (!Py_IS_TYPE(object, class_->type)) {
        return cpybuild_refuse_class(call, class_->name, object);
    }
    return check_open((cpybuild_resource *)object);
}

int
cpybuild_lower_borrow(cpybuild_call *call, PyObject *object,
                      const cpybuild_resource_class *class_, uint32_t *handle)
{
    if (open_resource(call, object, class_) < 0) {
        return -1;
    }
    *handle = ((cpybuild_resource *)object)->handle;
    return cpybuild_lend(call, (cpybuild_resource *)object);
}

int
cpybuild_lower_own(cpybuild_call *call, PyObject *object,
                   const cpybuild_resource_class *class_, uint32_t *handle)
{
    cpybuild_resource *resource = (cpybuild_resource *)object;
    if (open_resource(call, object, class_) < 0 || check_free(resource) < 0) {
        return -1;
    }
    if (resource->borrowed) {
        PyErr_Format(PyExc_ValueError,
                     "the %s is borrowed, so that it cannot be given away",
                     class_->name);
        return -1;
    }
    *handle = resource->handle;
    resource->state = CPYBUILD_GIVEN;
    resource->next = call->given;
    call->given = (cpybuild_resource *)Py_NewRef(object);
    return 0;
}

void
cpybuild_give(cpybuild_call *call)
{
    while (call->given != NULL) {
        cpybuild_resource *next = call->given->next;
        Py_DECREF(call->given);
        call->given = next;
    }
}

/* The memory is a result's, which only the guest has now. */
static uint32_t
take_handle(const uint32_t *place)
{
    uint32_t handle = *place;
    *(uint32_t *)(uintptr_t)place = 0;
    return handle;
}

void
cpybuild_discard(const cpybuild_resource_class *class_, uint32_t *place)
{
    uint32_t handle = take_handle(place);
    PyObject *type, *error, *traceback;
    /* No host has a handle 0. */
    if (handle == 0) {
        return;
    }
    PyErr_Fetch(&type, &error, &traceback);
    class_->drop(handle);
    if (cpybuild_check() < 0) {
        PyErr_WriteUnraisable((PyObject *)class_->type);
    }
    PyErr_Restore(type, error, traceback);
}

PyObject *
cpybuild_lift_own(const cpybuild_resource_class *class_, const uint32_t *place)
{
    cpybuild_resource *resource =
        (cpybuild_resource *)class_->type->tp_alloc(class_->type, 0);
    if (resource == NULL) {
        return NULL;
    }
    resource->class_ = class_;
    resource->handle = take_handle(place);
    resource->state = CPYBUILD_OPEN;
    resource->borrowed = false;
    return (PyObject *)resource;
}

PyObject *
cpybuild_lift_borrow(cpybuild_call *call,
                     const cpybuild_resource_class *class_,
                     const uint32_t *place)
{
    PyObject *object = cpybuild_lift_own(class_, place);
    cpybuild_resource *resource = (cpybuild_resource *)object;
    if (object != NULL) {
        resource->borrowed = true;
        resource->next = call->borrowed;
        call->borrowed = (cpybuild_resource *)Py_NewRef(object);
    }
    return object;
}

/* Dropping the handle means nothing to the host's object. */
void
cpybuild_return_borrowed(cpybuild_resource *borrowed)
{
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    while (borrowed != NULL) {
        cpybuild_resource *next = borrowed->next;
        if (borrowed->state == CPYBUILD_OPEN) {
            if (drop(borrowed) < 0) {
                PyErr_WriteUnraisable((PyObject *)Py_TYPE(borrowed));
            }
            borrowed->state = CPYBUILD_TAKEN_BACK;
        }
        Py_DECREF(borrowed);
        borrowed = next;
    }
    PyErr_Restore(type, error, traceback);
}
