"""100,000 calls with strings and bytes leave memory as it was. The host exits with an error if it grows."""

import echo
import raw
import wrong


def work(count):
    for i in range(count):
        text = f"text {i} {'é' * (i % 50)}"
        assert echo.string(text) == text
        assert echo.bytes(bytearray(b"content")) == b"content"
        if i % 10 == 0:
            for function, argument in (wrong.string, "throw"), (wrong.string, "surrogate"), (echo.string, "\ud800"):
                try:
                    function(argument)
                except (RuntimeError, ValueError):
                    pass
            for function in raw.raise_twice, raw.utf8:
                try:
                    function()
                except (TypeError, ValueError):
                    pass


work(2_000)
before = raw.memory_size()
work(100_000)
assert raw.memory_size() == before, (before, raw.memory_size())

print("memory ok")
