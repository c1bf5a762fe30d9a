import { posix } from 'node:path';

/** More links than this one after the other are a circle, as in Linux. */
const MOST_LINKS = 40;

/**
 * Whether whoever follows a link may leave the folder that all of `links` are in: what is there would be read or
 * written in its place. Links behind links count too, and so does a place that does not exist yet.
 * @param links Path below the folder → target, of all links in it.
 */
export function leadsOut(path: string, links: ReadonlyMap<string, string>): boolean {
	const place = path.split('/').slice(0, -1);
	const ahead = (links.get(path) ?? '').split('/');
	if (ahead[0] === '') return true;
	for (let followed = 0; followed < MOST_LINKS; ) {
		const name = ahead.shift();
		if (name === undefined) return false;
		if (name === '' || name === '.') continue;
		if (name === '..') {
			if (place.pop() === undefined) return true;
			continue;
		}
		const target = links.get(posix.join(...place, name));
		if (target === undefined) place.push(name);
		else if (target.startsWith('/')) return true;
		else {
			ahead.unshift(...target.split('/'));
			followed++;
		}
	}
	// Nobody gets anywhere on it.
	return false;
}
