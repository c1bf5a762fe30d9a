import { type Asked, type Code, printRoutine, type Routine } from './code.js';
import { casesTable, liftRoutine, loadRoutine } from './lift-routines.js';
import { indicesTable, lowerRoutine, storeRoutine } from './lower-routines.js';

/** The functions and tables that code has asked for, with those that they ask for themselves. */
export function printRoutines(code: Code): string[] {
	const lines: string[] = [];
	// What a routine asks for joins the map at its end, and its turn comes.
	for (const [name, asked] of code.asked) lines.push('', ...printRoutine(code, name, makeRoutine(code, asked)));
	return lines;
}

function makeRoutine(code: Code, { verb, type }: Asked): Routine {
	switch (verb) {
		case 'lift':
			return liftRoutine(code, type);
		case 'load':
			return loadRoutine(code, type);
		case 'lower':
			return lowerRoutine(code, type);
		case 'store':
			return storeRoutine(code, type);
		case 'casesOf':
			return casesTable(code, type);
		case 'indicesOf':
			return indicesTable(type);
	}
}
