/** The end of a minor version's pristine `Modules/Setup.bootstrap.in`: what a diff that appends to it must know. */
export interface SetupBootstrap {
	readonly lineCount: number;
	readonly lastLines: readonly [string, string, string];
}

const password = [
	'',
	'# for systems without $HOME env, used by site._getuserbase()',
	'@MODULE_PWD_TRUE@pwd pwdmodule.c',
] as const;

const array = ['', '# for optimization purposes', '@MODULE_ARRAY_TRUE@array arraymodule.c'] as const;

/** By minor version. Those of 3.11 and 3.13 are compared with the real sources by the slow tests. */
export const setupBootstraps: Readonly<Record<string, SetupBootstrap>> = {
	'3.11': { lineCount: 35, lastLines: password },
	'3.12': { lineCount: 36, lastLines: password },
	'3.13': { lineCount: 38, lastLines: password },
	'3.14': { lineCount: 42, lastLines: password },
	'3.15': { lineCount: 45, lastLines: array },
};

/** Whether a real `Setup.bootstrap.in` ends as the recipe of its minor version says. */
export function isKnownSetupBootstrap(minor: string, text: string): boolean {
	const known = setupBootstraps[minor];
	const lines = text.replace(/\n$/, '').split('\n');
	return (
		known !== undefined &&
		lines.length === known.lineCount &&
		lines.slice(-3).every((line, index) => line === known.lastLines[index])
	);
}
