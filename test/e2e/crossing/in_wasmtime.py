"""Runs crossing.py in a component in wasmtime: in_wasmtime.py DIST"""

import sys
from pathlib import Path

from wasmtime import Engine, Store, WasiConfig
from wasmtime.component import Component, Linker, Record, ResourceHost, ResourceType, Variant

CURSOR = 1
queries = {}
made = 0


def record(**fields):
    one = Record()
    vars(one).update(fields)
    return one


def make(query):
    global made
    made += 1
    queries[made] = query
    return ResourceHost.own(made, CURSOR)


def look(store, handle):
    return queries[handle.to_host(store).rep]


def open_cursor(store, name):
    # wasmtime tells cases by the classes of their payloads where it can.
    return "no such cursor" if name == "bad" else make(name)


def merge(store, handle, other):
    rep = handle.to_host(store).rep
    # It is the host's now, who lets it go.
    queries[rep] += queries.pop(other.to_host(store).rep)
    return queries[rep]


def get(store, number):
    if number == 0:
        return record(id=1, name="one", score=1.5, ok=True, **{"class": 3})
    return "row 1" if number == 1 else None


def fetch(store, handle, limit):
    query = look(store, handle)
    return [
        record(id=id_, name=f"{query}{id_}", score=id_ / 2, ok=id_ % 2 == 0, **{"class": id_}) for id_ in range(limit)
    ]


dist = sys.argv[1]
engine = Engine()
component = Component.from_file(engine, f"{dist}/python.component.wasm")
store = Store(engine)
linker = Linker(engine)
linker.add_wasip2()
echoes = (
    "bool s8 s16 s32 s64 u8 u16 u32 u64 f32 f64 letter text raw strings blobs longs doubles bools shapes nodes maybe nested "
    "pair outcomes one-row one-shape one-color one-perms one-bits one-node"
)
with linker.root() as root:
    with root.add_instance("cpybuild:project/demo") as demo:
        demo.add_resource("cursor", ResourceType.host(CURSOR), lambda store, rep: queries.pop(rep))
        for name in echoes.split():
            demo.add_func(name, lambda store, value: value)
        demo.add_func("many", lambda store, *values: values)
        demo.add_func("get", get)
        demo.add_func("check", lambda store, fails: Variant("err" if fails else "ok"))
        demo.add_func("look", look)
        demo.add_func("swap", lambda store, handles: handles[::-1])
        demo.add_func("live", lambda store: len(queries))
        demo.add_func("[constructor]cursor", lambda store, query: make(query))
        demo.add_func("[static]cursor.open", open_cursor)
        demo.add_func("[method]cursor.merge", merge)
        demo.add_func("[method]cursor.fetch", fetch)
        demo.add_func("[method]cursor.query", look)
wasi = WasiConfig()
wasi.argv = ["python", "/program/crossing.py"]
wasi.env = [("PYTHONHOME", "/")]
wasi.preopen_dir(f"{dist}/lib", "/lib")
wasi.preopen_dir(str(Path(__file__).parent), "/program")
wasi.inherit_stdout()
wasi.inherit_stderr()
store.set_wasi(wasi)
instance = linker.instantiate(store, component)
exports = [name for name in component.type.exports(engine) if name.startswith("wasi:cli/run@")]
run = instance.get_export_index(store, "run", instance.get_export_index(store, exports[0]))
instance.get_func(store, run)(store)
