import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Background } from './background.js';
import type { EntryName, Layout } from './layout.js';
import type { RemoteCache } from './remote.js';

/** What the parts of a store share while it is open. */
export interface StoreParts {
	readonly layout: Layout;
	readonly remote: RemoteCache | undefined;
	readonly signal: AbortSignal | undefined;
	readonly background: Background;
	/** Passes on a warning: one for an entry that is named, else one of each kind. */
	report(warning: Diagnostic, name?: EntryName): void;
}
