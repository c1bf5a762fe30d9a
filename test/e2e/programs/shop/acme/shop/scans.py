from acme.shop.scans_types import CursorError
from acme.shop.store import Cursor

kept = None
lent = None
errors = []


def count(cursor, limit):
    global lent
    lent = cursor
    found = 0
    while found < limit and cursor.next() is not None:
        found += 1
    return found


def all(cursors):
    return [name for cursor in cursors for name in iter(cursor.next, None)]


def keep(cursor):
    global kept
    kept = cursor
    return len(list(iter(cursor.next, None)))


def give():
    return Cursor("made") if kept is None else kept


def exchange(cursor, label):
    if label == "wrong":
        return cursor, 7
    if label == "error":
        raise CursorError(cursor)
    return cursor, label.upper()


def misuse(cursor, how):
    errors.append(repr(cursor))
    if how == "return":
        return cursor
    if how == "with":
        with cursor:
            pass
        return cursor
    return lent


def seen():
    for use in (lambda: lent.next(), lambda: kept.next()):
        try:
            use()
        except Exception as error:
            errors.append(repr(error))
    errors.append(repr(lent))
    text = ", ".join(errors)
    errors.clear()
    return text
