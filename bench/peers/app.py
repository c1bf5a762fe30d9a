"""What becomes a component."""

import json

import wit_world
from cases import COUNT, cases_of
from timing import measure, warm
from wit_world.imports import host

cases = {}


class WitWorld(wit_world.WitWorld):
    def warm_up(self, seconds: int) -> None:
        readings = [host.Reading(index, 3, True, index * 0.5, -2.25) for index in range(COUNT)]
        cases.update(cases_of(host, readings))
        warm(cases, seconds)

    def next_round(self) -> str:
        return json.dumps(measure(cases))
