/**
 * What makes two names one in a component: case and hyphens make no difference ("strongly-unique" in the component
 * model's Explainer).
 */
export function nameKey(name: string): string {
	return name.toLowerCase().replaceAll('-', '');
}

/**
 * The same for imports and exports. Methods and static functions share their names, and one that is named like its
 * resource cannot be told from the resource. Versions of packages are as they are.
 */
export function externKey(name: string): string {
	const [path = '', ...version] = name.split('@');
	const found = /^\[(?:method|static)\]([^.]*)\.(.*)$/.exec(path);
	if (found === null) return [nameKey(path), ...version].join('@');
	const [, resource = '', member = ''] = found.map(nameKey);
	return resource === member ? resource : `${resource}.${member}`;
}
