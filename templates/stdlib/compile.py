"""Compiles the modules named on standard input, one path a line, to bytecode beside them.

The bytecode carries the hash of its source and is never compared with it, so that neither times nor
places of files matter. Run by the interpreter that the bytecode is for.
"""

import py_compile
import sys

failed = False
for line in sys.stdin:
    path = line.rstrip("\n")
    try:
        py_compile.compile(
            path,
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    except py_compile.PyCompileError as error:
        print(f"{path}: error: {error.msg}", file=sys.stderr)
        failed = True
sys.exit(failed)
