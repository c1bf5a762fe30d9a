"""Rewrites the sysconfig data named on standard input without the folders of the machine that built CPython.

Values are written on one line each: the original wraps them by their length, and that of a folder's name
is nothing that equal builds share.
"""

import sys

for line in sys.stdin:
    path = line.rstrip("\n")
    with open(path, encoding="utf-8") as file:
        namespace = {}
        exec(file.read(), namespace)
    variables = namespace["build_time_vars"]
    build = variables["abs_builddir"]
    with open(path, "w", encoding="utf-8") as file:
        file.write("# How CPython was configured; used by sysconfig.\nbuild_time_vars = {\n")
        for name, value in sorted(variables.items()):
            if isinstance(value, str):
                value = value.replace(f"{build}/../source", "/source").replace(build, "/build")
            file.write(f"    {name!r}: {value!r},\n")
        file.write("}\n")
