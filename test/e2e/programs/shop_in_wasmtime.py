"""Calls Python code with errors and resources in a component in wasmtime: shop_in_wasmtime.py DIST"""

import json
import sys
from pathlib import Path

from wasmtime import Engine, Store, WasiConfig
from wasmtime.component import Component, Linker, Record, ResourceHost, ResourceType

CURSOR = 1
# By what the host represents a cursor with: its name, and how many rows are left.
cursors = []
dropped = []
notes = []


def represent(name):
    cursors.append([name, 3])
    return len(cursors) - 1


def next_row(store, self):
    cursor = cursors[self.to_host(store).rep]
    name, left = cursor
    if left == 0:
        return None
    cursor[1] -= 1
    return f"{name}{left}"


engine = Engine()
dist = sys.argv[1]
component = Component.from_file(engine, f"{dist}/python.component.wasm")
linker = Linker(engine)
linker.add_wasip2()
with linker.root() as root:
    with root.add_instance("acme:shop/store@1.0.0") as shop:
        shop.add_resource("cursor", ResourceType.host(CURSOR), lambda store, rep: dropped.append(cursors[rep][0]))
        shop.add_func("[constructor]cursor", lambda store, name: ResourceHost.own(represent(name), CURSOR))
        shop.add_func("[method]cursor.next", next_row)
    with root.add_instance("clock") as clock:
        clock.add_func("now", lambda store: 12)
    root.add_func("note", lambda store, line: notes.append(line))
store = Store(engine)
wasi = WasiConfig()
wasi.argv = ["shop"]
wasi.env = [("PYTHONPATH", "/app"), ("PYTHONDONTWRITEBYTECODE", "1")]
wasi.preopen_dir(f"{dist}/lib", "/lib")
wasi.preopen_dir(str(Path(__file__).parent / "shop"), "/app")
wasi.inherit_stdout()
wasi.inherit_stderr()
store.set_wasi(wasi)
instance = linker.instantiate(store, component)


def call(interface, name, *args):
    owner = interface and instance.get_export_index(store, interface)
    function = instance.get_func(store, instance.get_export_index(store, name, owner))
    value = function(store, *args)
    function.post_return(store)
    return value


def plain(value):
    return vars(value) if isinstance(value, Record) else value


def show(value):
    print(json.dumps(value, ensure_ascii=False, separators=(",", ":")), flush=True)


def borrowed(rep):
    return ResourceHost.borrow(rep, CURSOR)


def owned(name):
    return ResourceHost.own(represent(name), CURSOR)


rows, scans = "acme:shop/rows@1.0.0", "acme:shop/scans@1.0.0"
# wasmtime gives the payloads of results and of variants where their classes tell the cases apart.
show([plain(call(rows, "load", number)) for number in (1, 2, 6)])
show([call("cpybuild:project/plain", "parse", text) for text in ("-7", "x")])
cursor = represent("a")
everyone = [borrowed(represent("b")), borrowed(represent("c"))]
show([call(scans, "count", borrowed(cursor), 1), call(scans, "count", borrowed(cursor), 9), call(scans, "all", everyone)])
kept = [call(scans, "keep", owned("kept")), call(scans, "give")]
show([kept[0], cursors[kept[1].to_host(store).rep][0], dropped])
show([call(scans, "keep", owned("one")), call(scans, "keep", owned("other")), dropped])


def options(*names):
    record = Record()
    record.names = list(names)
    return record


results = [call(None, "start", options("Zoë", "x")), call(None, "start", options())]
show([call("about", "name"), *results, notes])
