/** A word of a command for a shell. */
export function shellWord(text: string): string {
	return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command line for a shell. */
export function shellCommand(words: readonly string[]): string {
	return words.map(shellWord).join(' ');
}
