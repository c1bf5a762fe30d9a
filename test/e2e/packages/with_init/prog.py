"""A package of the same name adds to a builtin one, and its code runs."""

import acme
from acme.billing import invoices

assert acme.name == "acme" and acme.tools.x == 6
assert invoices.count() == 7 == acme.hello()

print("with_init ok")
