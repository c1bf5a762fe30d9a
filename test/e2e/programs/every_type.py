"""Every type as parameter and as result, with edge values."""

import array
import inspect
import math
import sys

import echo


def refuses(kind, message, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except BaseException as error:
        assert type(error) is kind, (type(error), error, kind)
        if message is not None:
            assert str(error) == message, str(error)
    else:
        raise AssertionError(f"{function.__name__}{args} was accepted")


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Float:
    def __float__(self):
        return 2.5


# Integers.
for name, low, high in [
    ("s8", -(2**7), 2**7 - 1),
    ("s16", -(2**15), 2**15 - 1),
    ("s32", -(2**31), 2**31 - 1),
    ("s64", -(2**63), 2**63 - 1),
    ("u8", 0, 2**8 - 1),
    ("u16", 0, 2**16 - 1),
    ("u32", 0, 2**32 - 1),
    ("u64", 0, 2**64 - 1),
]:
    function = getattr(echo, name)
    for value in {low, low + 1, high, high - 1, 0, 1, 2**6, min(high, 2**31), min(high, 2**53 + 1)}:
        assert function(value) == value, (name, value)
        assert type(function(value)) is int
        assert function(value=value) == value
    assert function(Index(7)) == 7
    assert function(True) == 1
    beyond = f"{name}() argument 'value' must be between {low} and {high}"
    for value in low - 1, high + 1, 2**63 if high < 2**63 else 2**64, -(2**64), 10**400, Index(high + 1):
        refuses(OverflowError, beyond, function, value)
    for value, shown in (1.0, "float"), ("1", "str"), (None, "None"), (b"1", "bytes"), (Float(), "Float"):
        refuses(TypeError, f"{name}() argument 'value' must be int, not {shown}", function, value)
    refuses(ZeroDivisionError, None, function, type("Bad", (), {"__index__": lambda self: 1 // 0})())

# Reals.
for name in "f32", "f64":
    function = getattr(echo, name)
    for value in 0.0, 1.5, -2.25, math.inf, -math.inf, 2.0**-126:
        assert function(value) == value
        assert type(function(value)) is float
    assert math.copysign(1, function(-0.0)) == -1
    assert math.isnan(function(math.nan))
    assert function(3) == 3.0 and function(True) == 1.0 and function(Float()) == 2.5 and function(Index(4)) == 4.0
    refuses(OverflowError, f"{name}() argument 'value' is too large for a float", function, 10**400)
    for value, shown in ("1", "str"), (None, "None"), (1j, "complex"), ([], "list"):
        refuses(TypeError, f"{name}() argument 'value' must be float, not {shown}", function, value)
assert echo.f64(0.1) == 0.1 and echo.f64(sys.float_info.max) == sys.float_info.max and echo.f64(5e-324) == 5e-324
assert echo.f32(0.1) == 0.10000000149011612
largest = 3.4028234663852886e38
assert echo.f32(largest) == largest and echo.f32(-largest) == -largest
for value in 3.4028236e38, -1e39, 1e300, 10**40:
    refuses(
        OverflowError, "f32() argument 'value' must be between -3.4028235e+38 and 3.4028235e+38", echo.f32, value
    )

# bool.
assert echo.bool(True) is True and echo.bool(False) is False
for value, shown in (1, "int"), (0, "int"), (None, "None"), ("", "str"):
    refuses(TypeError, f"bool() argument 'value' must be bool, not {shown}", echo.bool, value)

# char.
for value in "a", "\0", "é", "\ud7ff", "\ue000", "\uffff", "🐍", "\U0010ffff":
    assert echo.char(value) == value
for value in "\ud800", "\udfff":
    refuses(UnicodeEncodeError, None, echo.char, value)
refuses(TypeError, "char() argument 'value' must be a one-character str, not a str of length 0", echo.char, "")
refuses(TypeError, "char() argument 'value' must be a one-character str, not a str of length 2", echo.char, "ab")
refuses(TypeError, "char() argument 'value' must be a one-character str, not int", echo.char, 97)

# string.
for value in "", "a", "\0", "a\0b", "é", "🐍" * 3, "\U0010ffff", "x" * 2**20, "é\0🐍" * 200_000, "\x7f\x80\u07ff\u0800":
    assert echo.string(value) == value
assert echo.string(type("Text", (str,), {})("sub")) == "sub"
for value in "\ud800", "a\udfffb":
    refuses(UnicodeEncodeError, None, echo.string, value)
for value, shown in (b"a", "bytes"), (1, "int"), (None, "None"):
    refuses(TypeError, f"string() argument 'value' must be str, not {shown}", echo.string, value)

# list<u8>.
big = bytes(range(256)) * 4096
for value in b"", b"\0", b"a\0b", bytes(range(256)), big:
    for form in bytes, bytearray, memoryview:
        assert echo.bytes(form(value)) == value
        assert type(echo.bytes(form(value))) is bytes
assert echo.bytes(memoryview(big)[3:9]) == big[3:9]
assert echo.bytes(array.array("B", [1, 2])) == b"\1\2"
buffer = bytearray(b"released")
assert echo.bytes(buffer) == b"released"
buffer.append(33)  # would be a BufferError if the call still held it
refuses(BufferError, None, echo.bytes, memoryview(b"abcd")[::2])
for value, shown in ("a", "str"), (1, "int"), (None, "None"), ([1], "list"):
    refuses(TypeError, f"bytes() argument 'value' must be a bytes-like object, not {shown}", echo.bytes, value)

# Nothing.
assert echo.nothing() is None
refuses(TypeError, None, echo.nothing, 1)
refuses(TypeError, None, echo.nothing, value=1)

# Arguments: positional or keyword, defaults.
assert echo.defaults(1) == "1|-2|é\0x|98.121.116.101.115|true|🐍|1"
assert echo.defaults(b=4, a=3, flag=False) == "3|4|é\0x|98.121.116.101.115|false|🐍|1"
assert echo.defaults(1, 2, "t", b"", False, "c", -0.0) == "1|2|t||false|c|-0"
assert echo.defaults(1, 2, letter="l") == "1|2|é\0x|98.121.116.101.115|true|l|1"
assert echo.defaults(**{"a": 1, "content": bytearray(b"\7")}) == "1|-2|é\0x|7|true|🐍|1"
refuses(TypeError, "defaults() missing required argument 'a' (pos 1)", echo.defaults)
refuses(TypeError, "defaults() missing required argument 'a' (pos 1)", echo.defaults, b=1)
refuses(TypeError, "defaults() got an unexpected keyword argument 'c'", echo.defaults, 1, c=2)
refuses(TypeError, "defaults() got multiple values for argument 'a'", echo.defaults, 1, a=2)
refuses(TypeError, "defaults() takes at most 7 positional arguments (8 given)", echo.defaults, *range(8))
refuses(TypeError, "s32() takes exactly 1 positional argument (2 given)", echo.s32, 1, 2)
refuses(TypeError, "s32() missing required argument 'value' (pos 1)", echo.s32)
refuses(TypeError, "defaults() argument 'text' must be str, not None", echo.defaults, 1, text=None)
assert str(inspect.signature(echo.defaults)) == (
    "(a, b=-2, text='é\\x00x', content=b'bytes', flag=True, letter='🐍', real=1.0)"
)
assert str(inspect.signature(echo.nothing)) == "()"
assert echo.__doc__ == "Gives back what it gets."

# More than 16 flat parameters.
values = (
    255, 2**64 - 1, True, 65535, 0.5, "sí", -8, b"\0\xff", "🐍", -0.25,
    -32768, 12, -(2**63), 2**32 - 1, -15, False, 17, "x\0y", 19,
)  # fmt: skip
shown = (
    "255|18446744073709551615|true|65535|0.5|sí|-8|0.255|🐍|-0.25"
    "|-32768|12|-9223372036854775808|4294967295|-15|false|17|x\0y|19|"
)
assert echo.many(*values) == shown + "116.97.105.108"
assert echo.many(*values, b"\1") == shown + "1"
assert echo.many(*values[:-1], p19=19, p20=bytearray(b"\2")) == shown + "2"
refuses(OverflowError, "many() argument 'p19' must be between 0 and 65535", echo.many, *values[:-1], 65536)
refuses(TypeError, "many() missing required argument 'p19' (pos 19)", echo.many, *values[:-1])

print("types ok")
