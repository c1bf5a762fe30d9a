/**
 * The flag by which clang calls a folder by another name in what it writes. Clang takes everything before the first
 * "=" for the old name, so there is none for a folder with one in its path: it would rename others.
 */
export function prefixMap(folder: string, name: string): readonly string[] {
	return folder.includes('=') ? [] : [`-ffile-prefix-map=${folder}/=${name}`];
}
