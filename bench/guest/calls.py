"""Times calls in interleaved rounds; prints nanoseconds per call as JSON: {name: [one per round]}.

    calls.py ROUNDS
"""

import json
import sys
import time

import host
import plain

CALLS = 20_000
UNROLLED = 20

NUMBERS = "(1000, 2000)"
TEXT = "('twenty bytes of text')"

CASES = {
    "C function that ignores its arguments": (plain.ignore, NUMBERS),
    "C function that reads two ints": (plain.add, NUMBERS),
    "stub of the host function, with C in the host's place": (plain.stub, NUMBERS),
    "host function (s32, s32) -> s32": (host.add, NUMBERS),
    "C function that reads 20 bytes of text and makes a str": (plain.echo, TEXT),
    "host function string -> string, 20 bytes": (host.echo, TEXT),
}


def make(call):
    """The timed loop; many calls per turn, so that the loop itself costs little."""
    body = "\n        ".join([f"call{call}"] * UNROLLED)
    source = f"""
def measure(call, turns, clock):
    start = clock()
    for _ in turns:
        {body}
    return clock() - start
"""
    names = {}
    exec(source, names)
    return names["measure"]


LOOPS = {call: make(call) for call in (NUMBERS, TEXT)}
TURNS = range(CALLS // UNROLLED)


def sample(name):
    function, call = CASES[name]
    loop = LOOPS[call]
    # map() calls back from C: a new run of the eval loop, which may take code that the engine has optimised by now.
    return next(map(lambda clock: loop(function, TURNS, clock), [time.perf_counter_ns]))


# Until the engine has optimised all code on the way.
warm = time.monotonic() + 5
while time.monotonic() < warm:
    for name in CASES:
        sample(name)

samples = {name: [] for name in CASES}
for _ in range(int(sys.argv[1])):
    for name in CASES:
        samples[name].append(sample(name) / CALLS)
print(json.dumps(samples))
