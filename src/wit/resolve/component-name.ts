/**
 * What makes two names one in a component: upper and lower case are the same, methods and static functions share their
 * names, and one that is named like its resource cannot be told from the resource ("strongly-unique" in the component
 * model's Explainer).
 */
export function componentKey(name: string): string {
	const lower = name.toLowerCase();
	const found = /^\[(?:method|static)\]([^.]*)\.(.*)$/.exec(lower);
	if (found === null) return lower;
	const [, resource = '', member = ''] = found;
	return resource === member ? resource : `${resource}.${member}`;
}
