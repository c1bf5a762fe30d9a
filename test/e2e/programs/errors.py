"""Hosts that throw, that return what they should not, or that break the ABI."""

import _cpybuild
import echo
import native
import raw
import wrong


def raises(kind, message, function, *args):
    try:
        function(*args)
    except BaseException as error:
        # What the host raises is a HostError besides.
        kinds = kind, getattr(_cpybuild, f"Host{kind.__name__}", None)
        assert type(error) in kinds, (type(error), error, kind)
        assert isinstance(error, echo.HostError) == (type(error) is kinds[1])
        if message is not None:
            assert str(error) == message, str(error)
        return str(error)
    else:
        raise AssertionError(f"{function.__name__}{args} did not raise")
    finally:
        # The next call works.
        assert echo.s32(5) == 5 and echo.string("x") == "x"


everything = "bool s8 s16 s32 s64 u8 u16 u32 u64 f32 f64 char string bytes".split()

# The host throws.
for name in everything + ["nothing"]:
    raises(RuntimeError, "the host says no: größe 🐍", getattr(wrong, name), "throw")
    raises(RuntimeError, "only text", getattr(wrong, name), "throw text")

# The host returns a value of another type: the message names the function.
for name in everything:
    for what in "undefined", "null", "promise", "object", "array":
        message = raises(TypeError, None, getattr(wrong, name), what)
        assert f"wrong.{name}" in message, message
raises(TypeError, None, wrong.nothing, "promise")
for name in "s8", "s16", "s32", "u8", "u16", "u32":
    for what in "fraction", "true", "text", "nan":
        assert f"wrong.{name}" in raises(TypeError, None, getattr(wrong, name), what)
    assert f"wrong.{name}" in raises(OverflowError, None, getattr(wrong, name), "huge")
    assert getattr(wrong, name)("good") == 1
for name, what in [
    ("s8", "128"), ("u8", "256"), ("u8", "negative"), ("u16", "negative"), ("u32", "negative"),
    ("s64", "bigint 2**63"), ("u64", "bigint 2**64"), ("u64", "bigint -1"),
]:  # fmt: skip
    assert f"wrong.{name}" in raises(OverflowError, None, getattr(wrong, name), what)
for name in "string", "char":
    assert f"wrong.{name}" in raises(ValueError, None, getattr(wrong, name), "surrogate")
for what in "two characters", "empty":
    assert "wrong.char" in raises(ValueError, None, wrong.char, what)
assert wrong.string("text") == "text" and wrong.bytes("bytes") == b"\0\xff" and wrong.bool("true") is True

# The host breaks the ABI.
bad = "the host returned from {}() what is not a valid {}"
raises(SystemError, bad.format("raw.u8", "u8"), raw.u8)
raises(SystemError, bad.format("raw.s16", "s16"), raw.s16)
raises(SystemError, bad.format("raw.char", "char"), raw.char, 0xD800)
raises(SystemError, bad.format("raw.char", "char"), raw.char, 0x110000)
raises(SystemError, bad.format("raw.beyond", "string"), raw.beyond)
raises(SystemError, bad.format("raw.bytes_beyond", "list<u8>"), raw.bytes_beyond)
raises(
    UnicodeDecodeError,
    "'utf-8' codec can't decode byte 0xff in position 1: invalid start byte, in the result of raw.utf8()",
    raw.utf8,
)
assert raw.char(0x10FFFF) == "\U0010ffff"
assert raw.bool() is True
assert raw.empty() == ""
raises(TypeError, "second", raw.raise_twice)
for kind, expected in enumerate((RuntimeError, TypeError, OverflowError, ValueError, MemoryError, RuntimeError)):
    raises(expected, "m", raw.raise_with, kind, b"m")
raises(RuntimeError, "a\ufffdb", raw.raise_with, 0, b"a\xffb")
raises(RuntimeError, "", raw.raise_with, 0, b"")

# The same from C.
assert native.number("good") == 1
raises(RuntimeError, "the host says no: größe 🐍", native.number, "throw")
assert "native.number" in raises(OverflowError, None, native.number, "128")
assert "native.number" in raises(TypeError, None, native.number, "promise")
assert native.text("text") == "text" and native.text("empty") == ""
raises(RuntimeError, "only text", native.text, "throw text")
raises(ValueError, None, native.text, "surrogate")
assert native.content("bytes") == b"\0\xff"
raises(TypeError, None, native.content, "null")
assert native.log("fine") is None
raises(RuntimeError, "255: not fine", native.log, "not fine")
assert native.many() == (
    "1|18446744073709551615|true|65535|0.5|sí|-8|0.255|🐍|-0.25|-32768|12|-9223372036854775808|4294967295|-15"
)
raises(SystemError, bad.format("native.beyond", "u8"), native.beyond)

print("errors ok")
