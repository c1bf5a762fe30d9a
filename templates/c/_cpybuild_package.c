/* Packages: modules that others are in, acme of acme.billing.  A folder of the
   user's that has the same name adds to it. */

#include "cpybuild.h"

/* Python has this at hand for every import.  Until 3.12, its own finder looks
   for builtin modules at the top only. */
static const char source[] =
    "import _frozen_importlib, _frozen_importlib_external, _imp, sys\n"
    "\n"
    "class Finder:\n"
    "    @staticmethod\n"
    "    def find_spec(name, path=None, target=None):\n"
    "        if path is None or not _imp.is_builtin(name):\n"
    "            return None\n"
    "        return _frozen_importlib.spec_from_loader(\n"
    "            name, _frozen_importlib.BuiltinImporter, origin='built-in')\n"
    "\n"
    "def is_ours(finder):\n"
    "    return getattr(finder, '__module__', None) == '_cpybuild'\n"
    "\n"
    "name = module.__name__\n"
    "module.__path__ = module.__spec__.submodule_search_locations = []\n"
    "module.__package__ = name\n"
    "if sys.version_info < (3, 12) and not any(map(is_ours, sys.meta_path)):\n"
    "    sys.meta_path.insert(0, Finder)\n"
    "parent = sys.modules.get(name.rpartition('.')[0])\n"
    "spec = _frozen_importlib_external.PathFinder.find_spec(\n"
    "    name, None if parent is None else parent.__path__)\n"
    "if spec is not None:\n"
    "    if spec.submodule_search_locations is None:\n"
    "        raise ImportError(\n"
    "            f\"'{spec.origin}' has the name of the builtin package \"\n"
    "            f\"'{name}': give it another name\", name=name,\n"
    "            path=spec.origin)\n"
    "    module.__path__ = spec.submodule_search_locations\n"
    "    module.__spec__.submodule_search_locations = module.__path__\n"
    "    if spec.origin is not None:\n"
    "        module.__file__ = spec.origin\n"
    "        spec.loader.exec_module(module)\n";

int
cpybuild_open_package(PyObject *module)
{
    PyObject *names = Py_BuildValue("{s:O,s:s,s:O}", "module", module,
                                    "__name__", "_cpybuild", "__builtins__",
                                    PyEval_GetBuiltins());
    PyObject *answer;
    if (names == NULL) {
        return -1;
    }
    answer = PyRun_String(source, Py_file_input, names, names);
    Py_DECREF(names);
    Py_XDECREF(answer);
    return answer == NULL ? -1 : 0;
}
