"""A folder of the same name adds to a builtin package."""

import acme.billing.invoices as invoices
import acme.tools
from acme.billing.types import Row

assert invoices.get(3) == Row(3, "n") and Row.__module__ == "acme.billing.types"
assert acme.hello() == 7 and acme.tools.x == 5
assert not list(acme.billing.__path__) and list(acme.__path__) == ["/program/acme"]

print("merged ok")
