"""Has the name of a builtin package."""
