"""Values that are made of others, both ways; their classes, and what they refuse."""

import array
import copy
import enum
import gc
import inspect
import pickle

import demo
from demo import Color, Cursor, DbError, Err, Errno, IoError, Ok, Perms, Row, Shape, Some


def raises(kind, message, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except BaseException as error:
        assert type(error) is kind, (type(error), error, kind)
        assert message is None or str(error) == message, str(error)
        return error
    raise AssertionError(f"{function} did not raise")


one = Row(1, "näme", 2.5, True, 255)
two = Row(id=2, name="", score=0, ok=False, class_=0)

# Lists of numbers: any sequence, any buffer; they come back as arrays.
for name, typecode, values in [
    ("s8", "b", [-(2**7), 0, 2**7 - 1]),
    ("s16", "h", [-(2**15), 2**15 - 1]),
    ("s32", "i", [-(2**31), 2**31 - 1]),
    ("s64", "q", [-(2**63), 2**63 - 1]),
    ("u16", "H", [0, 2**16 - 1]),
    ("u32", "I", [0, 2**32 - 1]),
    ("u64", "Q", [0, 2**64 - 1]),
    ("f32", "f", [0.5, -1.25, float("inf")]),
    ("f64", "d", [1e300, -0.1]),
]:
    function = getattr(demo, name)
    expected = array.array(typecode, values)
    for given in values, tuple(values), expected, memoryview(expected), range(3), b"abc":
        answer = function(given)
        assert type(answer) is array.array and answer.typecode == typecode
        assert list(answer) == list(given), (name, given, answer)
    assert function([]) == array.array(typecode) == function(array.array(typecode))
    raises(TypeError, f"{name}() argument 'value' must be a sequence, not set", function, {1})
    raises(TypeError, f"{name}() argument 'value' must be a sequence, not None", function, None)
doubles = array.array("d", range(10))
assert list(demo.f64(memoryview(doubles)[::3])) == [0, 3, 6, 9]
assert list(demo.f64(memoryview(doubles)[::-1])) == list(range(9, -1, -1))
assert list(demo.u16(memoryview(b"abcdefg")[1:7].cast("H"))) == [25442, 25956, 26470]
assert list(demo.f64(array.array("f", [1, 2]))) == [1, 2] and list(demo.f64(array.array("q", [3]))) == [3]
big = array.array("d", range(100_000))
assert demo.f64(big) == big

# Everything else.
for function, values in [
    (demo.bools, [True, False]),
    (demo.chars, ["a", "\U0001f40d", "é"]),
    (demo.strings, ["", "abc", "größe🐍", "x" * 5000]),
    (demo.blobs, [b"", b"\0\xff" * 1000]),
    (demo.rows, [one, two] * 200),
    (demo.shapes, [Shape.Circle(1.5), Shape.Rect((0.5, 0.25)), Shape.None_(), Shape.Row(one), Shape.Big(2**64 - 1)]),
    (demo.colors, list(Color)),
    (demo.outcomes, [Ok(5), Err("bad")]),
    (demo.empty_outcomes, [Ok(), Err()]),
    (
        demo.deep,
        [
            (Shape.Row(two), Ok([one, two])),
            (None, Err(DbError.NotFound("x"))),
            (Shape.Big(3), Err(DbError.Timeout())),
        ],
    ),
]:
    assert function(values) == values == function(tuple(values)), function(values)
    assert type(function(values)) is list and function([]) == []
for function, value in [
    *((demo.one_shape, value) for value in (Shape.Circle(1.5), Shape.Rect((0.5, 0.25)), Shape.None_(), Shape.Row(one))),
    *((demo.one_perms, Perms(bits)) for bits in range(8)),
    *((demo.one_color, color) for color in Color),
    *((demo.maybe, value) for value in (None, "", "x")),
    *((demo.nested, value) for value in (None, Some(None), Some(5))),
    (demo.pair, (255, "x")),
    (demo.one_row, one),
]:
    assert function(value) == value and type(function(value)) is type(value), (value, function(value))
assert demo.blobs([bytearray(b"a"), memoryview(b"bc")[1:]]) == [b"a", b"c"]
assert demo.strings("abc") == ["a", "b", "c"]
assert demo.many(two, Shape.Rect((1, 2)), two, Shape.Big(7), 2**63) == (
    '[{"id":2,"name":"","score":0,"ok":false,"class":0},{"tag":"rect","val":[1,2]},'
    '{"id":2,"name":"","score":0,"ok":false,"class":0},{"tag":"big","val":"7n"},"9223372036854775808n"]'
)
assert demo.limit() is None and demo.limit(5) == 5 and demo.limit(None, "abc") == 3 and demo.limit(b="x") == 1

# What is refused, and where it is.
refusals = [
    (TypeError, "save() argument 'rows[2].name' must be str, not int", [one, one, Row(1, 5, 1, True, 2)]),
    (TypeError, "save() argument 'rows[1]' must be demo.Row, not str", [one, "x"]),
    (OverflowError, "save() argument 'rows[0].id' must be between -2147483648 and 2147483647", [Row(2**40, "", 1, True, 2)]),
    (TypeError, "save() argument 'rows[0].ok' must be bool, not int", (Row(1, "x", 1, 1, 1),)),
    (TypeError, "save() argument 'rows' must be a sequence, not dict_keys", {}.keys()),
]
for kind, message, rows in refusals:
    raises(kind, message, demo.save, rows, 1)
raises(TypeError, "save() argument 'retry_count' must be int, not str", demo.save, [], retry_count="x")
raises(TypeError, "deep() argument 'value[0][0].value' must be float, not str", demo.deep, [(Shape.Circle("x"), Ok([]))])
raises(TypeError, "deep() argument 'value[0][1].value[0]' must be demo.Row, not None", demo.deep, [(None, Ok([None]))])
raises(TypeError, "pair() argument 'value' must be a tuple of 2, not of 1", demo.pair, (1,))
raises(TypeError, "pair() argument 'value' must be tuple, not list", demo.pair, [1, "x"])
raises(TypeError, "one_color() argument 'value' must be demo.Color, not int", demo.one_color, 1)
raises(TypeError, "one_perms() argument 'value' must be demo.Perms, not Color", demo.one_perms, Color.RED)
raises(TypeError, "one_shape() argument 'value' must be demo.Shape, not demo.Row", demo.one_shape, one)
raises(TypeError, "nested() argument 'value' must be _cpybuild.Some, not int", demo.nested, 5)
raises(TypeError, "empty_outcomes() argument 'value[0]' must be None, not int", demo.empty_outcomes, [Ok(5)])
error = raises(UnicodeEncodeError, None, demo.save, [Row(1, "\ud800", 1, True, 2)], 1)
assert error.__notes__ == ["in save() argument 'rows[0].name'"]


class Index:
    """A number that does what it wants when it is looked at."""

    def __init__(self, act):
        self.act = act

    def __index__(self):
        return self.act()


error = raises(ZeroDivisionError, None, demo.save, [Row(Index(lambda: 1 // 0), "", 1, True, 2)], 1)
assert error.__notes__ == ["in save() argument 'rows[0].id'"]
# Code that runs meanwhile may throw away what is being lowered.
numbers = [Index(lambda: numbers.clear() or 5)] * 3
raises(RuntimeError, "list changed size during the call", demo.s32, numbers)
victim = Row(0, "x" * 100, 1, True, 2)
victim.id = Index(lambda: setattr(victim, "id", 1) or setattr(victim, "name", "short") or 7)
assert demo.one_row(victim) == Row(7, "short", 1, True, 2)
shapes = [Shape.Row(Row(Index(lambda: shapes.__setitem__(0, None) or gc.collect() and 0), "y" * 50, 1, True, 2))]
assert demo.shapes(shapes)[0].value.name == "y" * 50
del victim.name
raises(TypeError, "one_row() argument 'value.name' must be str, not unset", demo.one_row, victim)

# Errors of results, and of hosts.
assert demo.get(0) == Row(1, "one", 1.5, True, 3)
try:
    demo.get(1)
except DbError as error:
    assert type(error) is DbError.NotFound and error.value == "row 1" == str(error) and error.payload is error
    assert repr(error) == "DbError.NotFound('row 1')" and error == DbError.NotFound("row 1")
raises(DbError.Timeout, "", demo.get, 2)
error = raises(demo.HostError.__subclasses__()[0], "plain error", demo.get, 3)
assert isinstance(error, demo.HostError) and isinstance(error, RuntimeError)
error = raises(IoError, "code=5, message='disk on fire'", demo.io)
assert (error.code, error.message) == (5, "disk on fire") and pickle.loads(pickle.dumps(error)) == error
assert raises(demo.StringError, "plain text", demo.plain).payload == "plain text"
assert raises(demo.Reason, "gone", demo.why).payload == "gone"
assert raises(demo.ErrnoError, None, demo.number).payload is Errno.ENOENT
assert demo.check(False) is None and raises(demo.ResultError, None, demo.check, True).payload is None

# Records.
assert one == copy.copy(one) == copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) != two
assert Row.__match_args__ == Row.__slots__ == ("id", "name", "score", "ok", "class_")
match one:
    case Row(1, name, score=2.5):
        assert name == "näme"
    case _:
        raise AssertionError
match Shape.Rect((1, 2)):
    case Shape.Rect((x, y)):
        assert (x, y) == (1, 2)
    case _:
        raise AssertionError
assert repr(one) == "Row(id=1, name='näme', score=2.5, ok=True, class_=255)"
assert repr([Shape.Rect((1, 2)), Shape.None_(), Some(None)]) == "[Shape.Rect((1, 2)), Shape.None_(), Some(None)]"
assert issubclass(Shape.Circle, Shape) and (Shape.Circle.__module__, Shape.Circle.__qualname__) == ("demo", "Shape.Circle")
assert issubclass(Color, enum.Enum) and issubclass(Perms, enum.Flag) and Color.__module__ == "demo"
assert [color.name for color in Color] == ["RED", "HOT_PINK", "BLUE"] and list(Perms) == [Perms(1), Perms(2), Perms(4)]
assert str(inspect.signature(Row)) == "(id, name, score, ok, class_)" and Row.__module__ == "demo"
assert str(inspect.signature(demo.save)) == "(rows, retry_count)"
assert str(inspect.signature(demo.limit)) == "(a=None, b=None)"
assert str(inspect.signature(Cursor)) == "(query)" and str(inspect.signature(Cursor.fetch)) == "(self, /, limit)"
assert (Cursor.__doc__, Cursor.fetch.__doc__) == ("A cursor.", "Fetch rows.")
raises(TypeError, "Row() missing required argument 'name' (pos 2)", Row, 1)
raises(TypeError, "cannot create 'demo.Shape' instances", Shape)
raises(TypeError, "unhashable type: 'demo.Row'", hash, one)
raises(TypeError, "type 'demo.Row' is not an acceptable base type", type, "Own", (Row,), {})
raises(TypeError, "type 'demo.Shape' is not an acceptable base type", type, "Own", (Shape,), {})
raises(AttributeError, None, setattr, one, "other", 1)
cycle = Row(1, 2, 3, 4, 5)
cycle.name = cycle
assert repr(cycle) == "Row(id=1, name=Row(...), score=3, ok=4, class_=5)"
del cycle
assert gc.collect() > 0
deep = None
for _ in range(100_000):
    deep = Some(deep)
del deep

# Resources.
cursor = Cursor("q")
assert cursor.fetch(3)[2] == Row(2, "q2", 1.0, True, 2) and cursor.count() == 1
with Cursor("other") as other:
    assert demo.look(other) == 5 and cursor.count() == 2
assert cursor.count() == 1
for use in other.count, other.__enter__, lambda: demo.look(other), lambda: demo.take(other, []):
    raises(ValueError, "the demo.Cursor was dropped", use)
assert other.__exit__(None, None, None) is None
opened = Cursor.open("opened")
assert raises(demo.StringError, None, Cursor.open, "bad").payload == "no such cursor"
raises(TypeError, "look() argument 'c' must be demo.Cursor, not int", demo.look, 5)
raises(TypeError, "take() argument 'others[1]' must be demo.Cursor, not int", demo.take, opened, [cursor, 5])
raises(ValueError, "the demo.Cursor was given away", demo.take, opened, [opened])
assert demo.look(opened) == 6 and demo.look(cursor) == 1
demo.take(opened, [cursor])
raises(ValueError, "the demo.Cursor was given away", cursor.count)
left, right = Cursor("l"), Cursor("r")
raises(ValueError, "the demo.Cursor is lent to a function of the host", left.merge, left)
left.merge(right)
raises(ValueError, "the demo.Cursor was given away", right.count)
assert demo.look(left) == 2 and left.count() == 1
loop = [Cursor("in a cycle")]
loop.append(loop)
del loop
gc.collect()
assert left.count() == 1
for _ in range(1000):
    Cursor("x")
assert left.count() == 1

print("values ok")
