"""Times calls in loops: what all interpreters of the measurements run."""

import time

UNROLLED = 20


def timed(lines, turns):
    """A function that measures a loop of these lines."""
    body = "\n        ".join(lines)
    source = f"""
def measure(call, values, clock):
    start = clock()
    for {turns}:
        {body}
    return clock() - start
"""
    names = {}
    exec(source, names)
    return names["measure"]


class Case:
    """A loop, and how many calls, or elements of lists, it counts as."""

    def __init__(self, function, loop, values, count):
        self.function = function
        self.loop = loop
        self.values = values
        self.count = count

    def sample(self):
        """Nanoseconds per call."""
        # map() calls back from C: a new run of the eval loop, which may take code that the engine has optimised by now.
        run = map(lambda clock: self.loop(self.function, self.values, clock), [time.perf_counter_ns])
        return next(run) / self.count


def calls(function, arguments, count=20_000):
    """Calls with the same arguments, which are source text; many per turn, so that the loop itself costs little."""
    return Case(function, timed([f"call({arguments})"] * UNROLLED, "_ in values"), range(count // UNROLLED), count)


def call_for_each(function, values):
    """A call for each of some values, as programs do, so often that collections of the host's garbage are in each sample."""
    loop = timed(["for value in all_values:", "    call(value)"], "all_values in values")
    return Case(function, loop, [values] * 8, len(values) * 8)


def call_with_all(function, values):
    """As many calls with all values at once; per value."""
    return Case(function, timed(["call(value)"], "value in values"), [values] * 8, len(values) * 8)


def warm(cases, seconds):
    """Until the engine has optimised all code on the way."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        measure(cases)


def measure(cases):
    """One round: {name: nanoseconds}."""
    return {name: case.sample() for name, case in cases.items()}
