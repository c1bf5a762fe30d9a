/** The end of a minor version's pristine `Modules/Setup.bootstrap.in`: what a diff that appends to it must know. */
export interface SetupBootstrap {
	readonly lineCount: number;
	readonly lastLines: readonly [string, string, string];
}

const lastLines = [
	'',
	'# for systems without $HOME env, used by site._getuserbase()',
	'@MODULE_PWD_TRUE@pwd pwdmodule.c',
] as const;

/** By minor version. All patch releases of a minor so far have the same file. */
export const setupBootstraps: Readonly<Record<string, SetupBootstrap>> = {
	'3.11': { lineCount: 35, lastLines },
	'3.12': { lineCount: 0, lastLines },
	'3.13': { lineCount: 38, lastLines },
	'3.14': { lineCount: 0, lastLines },
	'3.15': { lineCount: 0, lastLines },
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
