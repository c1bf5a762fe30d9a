import plugin
from plugin_types import StringError


def start(options):
    if not options.names:
        raise StringError("no names")
    for name in options.names:
        plugin.note(name)
    return len(options.names)
