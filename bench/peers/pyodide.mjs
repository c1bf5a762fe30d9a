// Times calls in Pyodide: a round for each line on stdin, as a line of JSON.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { loadPyodide } from 'pyodide';
import { host } from './host.mjs';

const python = await loadPyodide();
for (const name of ['timing.py', 'cases.py']) python.FS.writeFile(name, readFileSync(name, 'utf8'));
const { add, echo, take } = host;
// The host gets a proxy of a Python object, whose attributes it reads.
const takeProxy = ({ id, kind, valid, x, y }) => take({ id, kind, valid, x, y });
python.registerJsModule('host', { add, echo, take: takeProxy });
python.runPython(`
import dataclasses, json
import host
from cases import COUNT, cases_of
from timing import measure, warm

@dataclasses.dataclass(slots=True)
class Reading:
    id: int
    kind: int
    valid: bool
    x: float
    y: float

cases = cases_of(host, [Reading(index, 3, True, index * 0.5, -2.25) for index in range(COUNT)])
warm(cases, 5)
`);
console.log('ready');
for await (const _ of createInterface(process.stdin)) console.log(python.runPython('json.dumps(measure(cases))'));
process.exit();
