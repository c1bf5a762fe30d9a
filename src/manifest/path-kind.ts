/** What a path on disk is. */
export type PathKind = 'file' | 'folder' | 'missing';
