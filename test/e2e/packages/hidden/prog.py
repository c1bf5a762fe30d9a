"""A module of the same name is an error that says so."""

try:
    import acme
except ImportError as error:
    assert str(error) == "'/program/acme.py' has the name of the builtin package 'acme': give it another name"
else:
    raise AssertionError(acme)

print("hidden ok")
