"""Calls with values of every type, and what comes of them, a line each: the same whatever the host is."""

import array
import gc

import demo
from demo import Bits, Color, Cursor, DbError, Err, Node, Ok, Perms, Row, Shape, Some

one = Row(-(2**31), "größe 🐍", 2.5, True, 255)
two = Row(7, "", -0.0, False, 0)
shapes = [
    Shape.Circle(1e300),
    Shape.Rect((0.5, -0.25)),
    Shape.Nothing(),
    Shape.Row(one),
    Shape.Big(2**64 - 1),
    Shape.Text("größe" * 100),
    Shape.Words(array.array("H", [0, 65535])),
]
nodes = [
    Node(Color.HOT_PINK, Perms.READ | Perms.EXEC, shape, next_, [(0.5, 1.5)] * 3, outcome, "🐍")
    for shape, next_, outcome in zip(shapes, [None, one] * 4, [Ok(two), Err(DbError.NotFound("é")), Err(DbError.Timeout())] * 3)
]

values = {
    demo.bool: [True, False],
    demo.s8: [-(2**7), 2**7 - 1],
    demo.s16: [-(2**15), 2**15 - 1],
    demo.s32: [-(2**31), 2**31 - 1],
    demo.s64: [-(2**63), 2**63 - 1],
    demo.u8: [0, 2**8 - 1],
    demo.u16: [2**16 - 1],
    demo.u32: [2**32 - 1],
    demo.u64: [2**64 - 1],
    demo.f32: [0.5, -1.25, float("inf")],
    demo.f64: [1e300, 5e-324, -0.1, float("-inf")],
    demo.letter: ["a", "é", "\U0010ffff"],
    demo.text: ["", "größe 🐍", "x" * 5000, "\0"],
    demo.raw: [b"", bytes(range(256))],
    demo.strings: [[], ["", "größe", "x" * 100]],
    demo.blobs: [[b"", b"\0\xff"]],
    demo.longs: [array.array("q", [-(2**63), 2**63 - 1])],
    demo.doubles: [array.array("d", [0.5, 1e300]), array.array("d")],
    demo.bools: [[True, False, True]],
    demo.one_row: [one, two],
    demo.shapes: [shapes, []],
    demo.one_shape: shapes,
    demo.one_color: list(Color),
    demo.one_perms: [Perms(bits) for bits in range(8)],
    demo.one_bits: [Bits.B0 | Bits.B16, Bits.B7 | Bits.B8],
    demo.one_node: nodes,
    demo.nodes: [nodes],
    demo.maybe: [None, "", "x"],
    demo.nested: [None, Some(None), Some(-5)],
    demo.pair: [(255, "x")],
    demo.outcomes: [[Ok(2**32 - 1), Err("bad"), Ok(0)]],
}
for function, all_values in values.items():
    for value in all_values:
        answer = function(value)
        assert answer == value, (function, value, answer)
        print(function.__name__, repr(answer))

arguments = (255, -(2**63), "größe", 0.5, one, Shape.Rect((1.0, 2.0)), 2**63, array.array("H", [1, 2, 3]), Perms.WRITE)
answer = demo.many(*arguments)
assert answer == arguments, answer
print("many", answer)

for call in (
    lambda: demo.get(0),
    lambda: demo.get(1),
    lambda: demo.get(2),
    lambda: demo.check(False),
    lambda: demo.check(True),
    lambda: Cursor.open("bad"),
    lambda: demo.text(5),
    lambda: demo.one_shape(one),
):
    try:
        print("gave", call())
    except Exception as error:
        print("raised", type(error).__qualname__, error, repr(getattr(error, "payload", None)))

first, second = Cursor("first"), Cursor.open("second")
print(demo.live(), first.query(), demo.look(second), second.fetch(2))
print(first.merge(second), demo.live())
with Cursor("third") as third:
    first, third_again = demo.swap([third, first])
    print(first.query(), third_again.query(), demo.live())
for use in second.query, third.query:
    try:
        use()
    except ValueError as error:
        print("raised", error)
del first, third_again
gc.collect()
print(demo.live())
