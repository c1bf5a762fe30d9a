"""Times calls in cpybuild's interpreter: a round for each line on stdin, as a line of JSON, {name: nanoseconds}."""

import array
import json
import sys

import host
import plain

from timing import call_for_each, call_with_all, calls, measure, warm

NUMBERS = "1000, 2000"
TEXT = "'twenty bytes of text'"

records = [host.Reading(id=index, kind=3, valid=True, x=index * 0.5, y=-2.25) for index in range(10_000)]
floats = [index * 0.5 for index in range(10_000)]

CASES = {
    "C function that ignores its arguments": calls(plain.ignore, NUMBERS),
    "C function that reads two ints": calls(plain.add, NUMBERS),
    "stub of the host function, with C in the host's place": calls(plain.stub, NUMBERS),
    "host function (s32, s32) -> s32": calls(host.add, NUMBERS),
    "C function that reads 20 bytes of text and makes a str": calls(plain.echo, TEXT),
    "host function string -> string, 20 bytes": calls(host.echo, TEXT),
    "host function of a record of five scalars": call_for_each(host.take, records),
    "host function of a list of 10,000 such records, per record": call_with_all(host.take_all, records),
    "host function of an f64": call_for_each(host.number, floats),
    "host function of a list<f64>, from a list of 10,000 floats, per float": call_with_all(host.numbers, floats),
    "host function of a list<f64>, from an array of 10,000 doubles, per double": call_with_all(
        host.numbers, array.array("d", floats)
    ),
}

warm(CASES, 5)
print("ready", flush=True)
for _ in sys.stdin:
    print(json.dumps(measure(CASES)), flush=True)
