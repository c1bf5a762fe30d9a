"""Runs inside python.wasm; everything that it gets from outside comes through the module demo."""

import demo

print("demo.bar(1, 2) =", demo.bar(1, 2))

page = demo.fetch_page("https://example.org/", max_bytes=40)
print("the host sent", len(page), "bytes:", page.decode())
