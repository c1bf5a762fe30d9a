"""Runs a component in wasmtime: component_in_wasmtime.py DIST CODE"""

import sys

from wasmtime import Engine, Store, WasiConfig
from wasmtime.component import Component, Linker


def fail_hard(store):
    raise ValueError("the host is out of order")


dist, code = sys.argv[1:]
engine = Engine()
component = Component.from_file(engine, f"{dist}/python.component.wasm")
linker = Linker(engine)
linker.add_wasip2()
with linker.root() as root:
    with root.add_instance("cpybuild:project/demo") as demo:
        demo.add_func("bar", lambda store, a, b: a + b)
        demo.add_func("greet", lambda store, name, raw: f"hello {name} {' '.join(map(str, raw))}")
        demo.add_func("fail-hard", fail_hard)
store = Store(engine)
wasi = WasiConfig()
wasi.argv = ["python", "-I", "-c", code]
wasi.env = [("PYTHONHOME", "/")]
wasi.preopen_dir(f"{dist}/lib", "/lib")
wasi.inherit_stdout()
wasi.inherit_stderr()
store.set_wasi(wasi)
instance = linker.instantiate(store, component)
exports = [name for name in component.type.exports(engine) if name.startswith("wasi:cli/run@")]
run = instance.get_export_index(store, "run", instance.get_export_index(store, exports[0]))
try:
    instance.get_func(store, run)(store)
except Exception as error:
    print(f"the component ended: {error}".splitlines()[0], flush=True)
