/** Keywords of C up to C23, and the operators that iso646.h makes of words. */
const keywords = `alignas alignof asm auto bool break case char const constexpr continue default do double else enum extern
false float for goto if inline int long nullptr register restrict return short signed sizeof static static_assert struct
switch thread_local true typedef typeof typeof_unqual union unsigned void volatile while and and_eq bitand bitor compl
not not_eq or or_eq xor xor_eq`;

/** Object-like macros with small letters that the compilers and the headers behind Python.h define. */
const macros = `alloca complex errno i386 imaginary linux noreturn signgam st_atime st_ctime st_mtime stderr stdin stdout
unix math_errhandling sched_priority offsetof unreachable environ sa_handler sa_sigaction`;

/** The stubs' and the headers' own names, and `main`, which compilers want to be a function. */
const own = `args nargs kwnames values parameters function held answer result value params main module self exit`;

const taken: ReadonlySet<string> = new Set(`${keywords} ${macros} ${own}`.split(/\s+/));

/**
 * C names for a function's parameters, in their order. A parameter keeps its Python name unless C means something else
 * by it: a keyword, a macro (by convention without small letters), a type (by convention ending in `_t`), or a name
 * that starts like Python's or cpybuild's own. `suffixes` are those of the further names that a parameter needs.
 */
export function parameterNames(
	parameters: readonly { readonly name: string; readonly suffixes: readonly string[] }[],
): readonly string[] {
	const used = new Set<string>();
	return parameters.map(({ name, suffixes }) => {
		const all = (candidate: string) => suffixes.map((suffix) => candidate + suffix);
		const identifier = cIdentifier(name);
		let candidate = isTaken(identifier) ? `${identifier}_` : identifier;
		while (all(candidate).some((one) => used.has(one) || taken.has(one))) {
			candidate += '_';
		}
		for (const one of all(candidate)) {
			used.add(one);
		}
		return candidate;
	});
}

/**
 * Gives each wanted name a unique form, `name`, `name_2`, `name_3`, and remembers it. When the name is used with
 * suffixes, those forms are unique.
 */
export function uniqueName(wanted: string, used: Set<string>, suffixes: readonly string[] = ['']): string {
	let name = wanted;
	for (let next = 2; suffixes.some((suffix) => used.has(name + suffix)); next += 1) {
		name = `${wanted}_${next}`;
	}
	for (const suffix of suffixes) {
		used.add(name + suffix);
	}
	return name;
}

/** A name as part of a C identifier: letters that C may not have in one are replaced. */
export function cIdentifier(name: string): string {
	return name.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[0-9])/, '_');
}

function isTaken(name: string): boolean {
	return taken.has(name) || !/[a-z]/.test(name) || /^(?:_|Py|PY|cpybuild_)|(?:_t|_import|_params)$/.test(name);
}
