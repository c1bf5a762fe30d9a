import { constants } from 'node:os';
import { type DiagnosticInit, fail } from '../../diagnostics/diagnostic.js';

/** What programs say: those of a build are told to speak no other language. */
const FULL = /no space left on device|disk quota exceeded/i;

/**
 * Looks whether a command failed because there was no room for what it wrote.
 * @throws CpybuildError `toolchain/container-full` when that is so.
 */
export function requireRoomIn(output: string): void {
	if (!FULL.test(output)) return;
	fail({
		code: 'toolchain/container-full',
		message: 'the disk of the container is full',
		hint: `make room where the engine keeps its containers: "docker system df" shows what is there`,
	});
}

/** The signal that an exit code stands for, as shells and engines tell it; a program may give the code by itself, too. */
export function signalOf(exitCode: number): string | undefined {
	return Object.entries(constants.signals).find(([, number]) => number + 128 === exitCode)?.[0];
}

/** A program that was killed in a container that runs on. */
export function endedEarly(program: string, signal: string, output: string): DiagnosticInit {
	const last = output.trimEnd().split('\n').slice(-10);
	return {
		code: 'toolchain/not-runnable',
		message: `"${program}" ended before its time: ${signal}`,
		...(last.join('') !== '' && { details: last }),
	};
}
