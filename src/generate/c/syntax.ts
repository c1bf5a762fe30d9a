/** A C declarator: pointers have no space after the star. */
export function declare(type: string, name: string): string {
	return type.endsWith('*') ? `${type}${name}` : `${type} ${name}`;
}

/** A function's head with its parameters, as PEP 7 has it. */
export function prototype(head: string, params: readonly string[]): string {
	return call(head, params.length === 0 ? ['void'] : params);
}

/** A call: within 79 columns when it is indented, further lines aligned with the first argument. */
export function call(head: string, items: readonly string[], width = 73): string {
	const margin = ' '.repeat(head.length + 1);
	const lines: string[] = [];
	let line = '';
	items.forEach((item, index) => {
		const next = index === items.length - 1 ? item : `${item},`;
		const joined = line === '' ? next : `${line} ${next}`;
		if (line !== '' && margin.length + joined.length > width) {
			lines.push(line);
			line = next;
		} else {
			line = joined;
		}
	});
	return `${head}(${[...lines, line].join(`\n${margin}`)})`;
}
