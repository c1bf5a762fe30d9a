"""Calls with values of all kinds, for a host that looks at memory; every second one raises where that is wanted."""

import array
import gc
import sys

import demo
from demo import Color, Cursor, DbError, Err, Ok, Perms, Row, Shape, Some

row = Row(1, "größe", 2.5, True, 255)
shapes = [Shape.Circle(1.5), Shape.Rect((0.5, 0.25)), Shape.None_(), Shape.Row(row), Shape.Big(2**64 - 1)]
numbers = array.array("d", range(100))


def make_cursor(i):
    with Cursor(f"query {i}") as cursor:
        cursor.fetch(3)


def give_cursor(i):
    one = Cursor("one")
    one.merge(Cursor.open("other"))
    demo.take(one, [Cursor("last")])


right = [
    lambda i: demo.one_row(Row(i, f"text {i}", 0.5, False, 3)),
    lambda i: demo.rows([row] * (i % 20)),
    lambda i: demo.shapes(shapes),
    lambda i: demo.f64(numbers),
    lambda i: demo.s32([i, 1, 2]),
    lambda i: demo.strings([f"{i}", "é" * (i % 50), "x" * (i % 5000)]),
    lambda i: demo.blobs([b"x" * (i % 100), bytearray(b"y")]),
    lambda i: demo.deep([(shapes[i % 5], Ok([row, row])), (None, Err(DbError.NotFound("no")))]),
    lambda i: demo.nested(Some(i)),
    lambda i: demo.one_perms(Perms.READ | Perms.EXEC),
    lambda i: demo.colors(list(Color)),
    lambda i: demo.outcomes([Ok(i), Err("bad")]),
    lambda i: demo.many(row, shapes[1], row, shapes[3], i),
    lambda i: demo.get(0),
    make_cursor,
    give_cursor,
]


class Wrong:
    def __index__(self):
        raise KeyError("no number")


wrong = [
    lambda i: demo.get(1),
    lambda i: demo.get(3),
    lambda i: demo.io(),
    lambda i: demo.plain(),
    lambda i: demo.check(True),
    lambda i: demo.number(),
    lambda i: Cursor.open("bad"),
    lambda i: demo.save([row, row, Row(1, 5, 1, True, 2)], 1),
    lambda i: demo.save([Row(1, "\ud800", 1, True, 2)], 1),
    lambda i: demo.strings(["x" * (i % 5000), "y", i]),
    lambda i: demo.s32([1, 2**40]),
    lambda i: demo.s32([1, Wrong()]),
    lambda i: demo.deep([(shapes[4], Ok([row])), (Shape.Circle("x"), Ok([]))]),
    lambda i: demo.take(Cursor("given"), [Cursor("kept"), 5]),
    lambda i: demo.one_color(i),
    lambda i: demo.blobs([b"x", "text"]),
]


def work(count, fails):
    for i in range(count):
        if fails and i % 2 == 0:
            try:
                wrong[i // 2 % len(wrong)](i)
            except Exception:
                continue
            raise AssertionError(f"call {i} did not raise")
        right[i % len(right) if not fails else i // 2 % len(right)](i)


def blocks():
    gc.collect()
    return sys.getallocatedblocks()
