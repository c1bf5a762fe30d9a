/**
 * What `cpybuild.lock` records of an image: the digest by which its registry gave it, the same for all platforms. One that
 * was only made on somebody's engine has none, but an id, which says what it was and cannot be asked for elsewhere.
 */
export type ImageRecord = { readonly digest: string } | { readonly id: string };
