// Times calls in a component of componentize-py, which jco runs: a round for each line on stdin, as a line of JSON.

import { createInterface } from 'node:readline';
import { nextRound, warmUp } from './out/app.js';

warmUp(5);
console.log('ready');
for await (const _ of createInterface(process.stdin)) console.log(nextRound());
process.exit();
