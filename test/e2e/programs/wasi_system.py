"""Waiting, clocks, sockets, the limits of recursion."""

import copy
import errno
import json
import os
import pickle
import select
import sys
import time

# Clocks
start, wall = time.monotonic(), time.time()
cpu = time.process_time()
time.sleep(0.2)
assert time.monotonic() - start >= 0.199 and time.time() - wall >= 0.19
assert time.process_time() - cpu >= 0
assert time.time() > 1_700_000_000 and time.time_ns() % 1000 >= 0
assert time.clock_getres(time.CLOCK_MONOTONIC) <= 0.001

# Waiting
fd = os.open(os.__file__, os.O_RDONLY)
poll = select.poll()
assert poll.poll(10) == []
poll.register(fd, select.POLLIN)
poll.register(1, select.POLLOUT)
assert sorted(poll.poll()) == [(1, select.POLLOUT), (fd, select.POLLIN)]
assert select.select([fd], [1], [], 1) == ([fd], [1], [])
start = time.monotonic()
assert select.select([], [], [], 0.05) == ([], [], [])
assert time.monotonic() - start >= 0.049
poll.unregister(fd)
poll.unregister(1)
poll.register(0, select.POLLIN)
start = time.monotonic()
if len(sys.argv) > 1:  # Nothing comes through standard input for now.
    assert poll.poll(50) == []
    assert time.monotonic() - start >= 0.049
os.close(fd)

# Sockets
import socket

try:
    socket.socket()
except OSError as error:
    assert error.errno in (errno.ENOTSUP, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT, errno.ENOSYS), error
else:
    raise AssertionError("a socket")
fd = os.open(os.__file__, os.O_RDONLY)
try:
    socket.socket(fileno=fd)
except OSError as error:
    assert error.errno == errno.ENOTSOCK, error
os.close(fd)


# Recursion
def too_deep(call, *args):
    try:
        call(*args)
    except (RecursionError, MemoryError):
        return
    raise AssertionError(call)


class Attribute:
    def __getattr__(self, name):
        return getattr(self, name + "x")


class Repr:
    def __repr__(self):
        return repr(self)


class Less:
    def __lt__(self, other):
        return sorted([self, other])


class Call:
    def __call__(self, *args):
        return max([1, 2], key=self)


nested = []
for _ in range(100_000):
    nested = [nested]
too_deep(json.loads, "[" * 100_000)
too_deep(json.loads, '{"a":' * 100_000)
too_deep(json.dumps, nested)
too_deep(repr, nested)
too_deep(copy.deepcopy, nested)
too_deep(pickle.dumps, nested)
too_deep(eval, "-" * 100_000 + "1")
too_deep(getattr, Attribute(), "x")
too_deep(repr, Repr())
too_deep(sorted, [Less(), Less()])
too_deep(Call())
sys.setrecursionlimit(100_000)
too_deep(getattr, Attribute(), "x")
too_deep(sorted, [Less(), Less()])

# What the program is given
assert dict(os.environ) == {"ONLY": "this one"}, os.environ
assert os.urandom(100_000) != os.urandom(100_000)
print("system ok")
