"""The calls that are timed in other systems: what they have of the same host."""

from timing import call_for_each, calls

COUNT = 2_000


def cases_of(host, readings):
    return {
        "(s32, s32) -> s32": calls(host.add, "1000, 2000", COUNT),
        "string -> string, 20 bytes": calls(host.echo, "'twenty bytes of text'", COUNT),
        "a record of five scalars": call_for_each(host.take, readings[:COUNT]),
    }
