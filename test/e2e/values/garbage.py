"""Hosts that break the ABI with values in memory: every one is an exception that names the function, and memory stays."""

import gc

import raw

refused = "the host returned from raw.{}() what is not a valid {}"
wild = range(7)
good = 7


def fails(kind, message, function, how):
    try:
        answer = function(how)
    except Exception as error:
        assert type(error) is kind, (function, how, type(error), error)
        assert str(error) == message, str(error)
    else:
        raise AssertionError((function, how, answer))


def utf8(byte, position, why, where):
    return f"'utf-8' codec can't decode byte {byte} in position {position}: {why}, in {where}"


def all_garbage():
    for how in wild:
        fails(SystemError, refused.format("rows", "list<row>"), raw.rows, how)
        fails(SystemError, refused.format("words", "list<string>"), raw.words, how)
        fails(SystemError, refused.format("numbers", "list<f64>"), raw.numbers, how)
        fails(SystemError, refused.format("shapes", "list<shape>"), raw.shapes, how)
        fails(SystemError, refused.format("pots", "list<pot>"), raw.pots, how)
    assert raw.rows(good) == [raw.Row(1, "ok", ["ok"])]
    start = "invalid start byte"
    fails(UnicodeDecodeError, utf8("0xff", 0, start, "[0].tags[1] of the result of raw.rows()"), raw.rows, good + 1)
    fails(SystemError, refused.format("rows", "list<string>") + " in [0].tags", raw.rows, good + 2)
    fails(SystemError, refused.format("rows", "string") + " in [0].name", raw.rows, good + 3)
    fails(type(raised), "no", raw.rows, good + 4)
    end = "unexpected end of data"
    fails(UnicodeDecodeError, utf8("0xc3", 0, end, "[1].name of the result of raw.rows()"), raw.rows, good + 5)
    assert raw.words(good) == ["ok"]
    later = "invalid continuation byte"
    fails(UnicodeDecodeError, utf8("0xed", 0, later, "[1] of the result of raw.words()"), raw.words, good + 1)
    assert raw.words(good + 2) == []
    assert raw.numbers(good).tolist() == [1.0]
    assert raw.one_shape(0) == raw.Shape.Text("ok")
    fails(SystemError, refused.format("one_shape", "shape"), raw.one_shape, 1)
    fails(SystemError, refused.format("one_shape", "shape"), raw.one_shape, 2)
    fails(SystemError, refused.format("one_shape", "string") + " in value", raw.one_shape, 3)
    assert raw.shapes(good) == [raw.Shape.Text("ok"), raw.Shape.Circle(1.0)]
    fails(SystemError, refused.format("shapes", "shape") + " in [1]", raw.shapes, good + 1)
    assert raw.outcome(0) == "ok"
    fails(raw.StringError, "ok", raw.outcome, 1)
    fails(SystemError, refused.format("outcome", "result"), raw.outcome, 2)
    fails(UnicodeDecodeError, utf8("0x80", 0, start, "the result of raw.outcome()"), raw.outcome, 3)
    assert raw.check(0) is None
    fails(raw.ResultError, "None", raw.check, 1)
    for number in 2, 256, 2**32 - 1:
        fails(SystemError, refused.format("check", "result"), raw.check, number)
        fails(SystemError, refused.format("one_color", "color"), raw.one_color, number)
        fails(SystemError, refused.format("one_single", "color"), raw.one_single, number)
    assert raw.one_color(1) is raw.Color.GREEN is raw.one_single(1).color
    assert raw.letter(0x10FFFF) == ("\U0010ffff",) and raw.small(255) == (255,)
    fails(SystemError, refused.format("letter", "char"), raw.letter, 0x110000)
    fails(SystemError, refused.format("letter", "char"), raw.letter, 0xD800)
    fails(SystemError, refused.format("small", "u8"), raw.small, 256)
    pots = raw.pots(good)
    assert raw.live() == 2
    with pots[0]:
        pass
    assert raw.live() == 1
    del pots
    assert raw.live() == 0
    text, pots, pot = raw.potted(0)
    assert raw.live() == 3 == len(pots) + isinstance(pot, raw.Pot)
    del pots, pot
    assert raw.live() == 0
    try:
        raw.potted(1)
    except raw.PotError as error:
        assert raw.live() == 1
        del error
    gc.collect()
    assert raw.live() == 0
    fails(UnicodeDecodeError, utf8("0xff", 0, start, "[0] of the result of raw.potted()"), raw.potted, 2)
    assert raw.live() == 0
    fails(SystemError, refused.format("potted", "option<pot>") + " in [2]", raw.potted, 3)
    assert raw.live() == 1, raw.live()
    raw.forget()
    fails(SystemError, refused.format("potted", "list<pot>") + " in [1]", raw.potted, 4)
    assert raw.live() == 0


try:
    raw.rows(good + 4)
except raw.HostError as error:
    assert isinstance(error, TypeError)
    raised = error

for _ in range(200):
    all_garbage()
gc.collect()
before = raw.memory_size()
for _ in range(2000):
    all_garbage()
assert raw.memory_size() == before, (before, raw.memory_size())

print("garbage ok")
