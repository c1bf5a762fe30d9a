"""Calls Python code in a component in wasmtime: in_wasmtime.py DIST"""

import json
import sys
from pathlib import Path

from wasmtime import Engine, Store, WasiConfig
from wasmtime.component import Component, Linker, Record

engine = Engine()
dist = sys.argv[1]
component = Component.from_file(engine, f"{dist}/python.component.wasm")
linker = Linker(engine)
linker.add_wasip2()
with linker.root() as root:
    with root.add_instance("cpybuild:project/shop") as shop:
        shop.add_func("rate", lambda store, color: 2.0 if color == "red" else 10.0)
store = Store(engine)
wasi = WasiConfig()
wasi.argv = ["plugin", "x"]
wasi.env = [("PYTHONPATH", "/app"), ("PYTHONDONTWRITEBYTECODE", "1")]
wasi.preopen_dir(f"{dist}/lib", "/lib")
wasi.preopen_dir(str(Path(__file__).parent / "app"), "/app")
wasi.inherit_stdout()
wasi.inherit_stderr()
store.set_wasi(wasi)
instance = linker.instantiate(store, component)
sales = instance.get_export_index(store, "cpybuild:project/sales")


def call(name, *args):
    function = instance.get_func(store, instance.get_export_index(store, name, sales))
    value = function(store, *args)
    function.post_return(store)
    return value


def item(name, price, color):
    record = Record()
    record.name, record.price, record.color = name, price, color
    return record


def plain(value):
    """As the host of JavaScript has it."""
    if isinstance(value, Record):
        return {name: plain(one) for name, one in vars(value).items() if one is not None}
    return [plain(one) for one in value] if isinstance(value, list) else value


def tagged(order):
    """wasmtime tells the cases of a variant by the classes of their payloads."""
    if order is None:
        return {"tag": "nothing"}
    return {"tag": "many" if isinstance(order, list) else "one", "val": plain(order)}


def show(value):
    value = plain(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    print(json.dumps(value, ensure_ascii=False, separators=(",", ":")), flush=True)


apple = item("apple", 1.5, "red")
show(call("total", [apple, item("pear", None, "green"), item("plum", 1.0, "green")], 2.0))
show(call("total", [], None))
show(tagged(call("turn", apple)))
show(tagged(call("turn", [apple])))
show(tagged(call("turn", None)))
show([call("describe"), call("describe")])
try:
    call("fail")
except Exception as error:
    print(f"the component ended: {type(error).__name__}", flush=True)
