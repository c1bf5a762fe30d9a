import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

/** What the official schema of CycloneDX 1.6 finds wrong with a document, besides what it does not know; nothing when it is valid. */
export async function schemaErrors(document: string): Promise<unknown> {
	return (await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(document)) ?? [];
}

/** The values of `bom-ref` in a document, in its order, and those that it refers to. */
export function references(document: string): { readonly named: readonly string[]; readonly used: readonly string[] } {
	const named: string[] = [];
	const visit = (value: unknown): void => {
		if (typeof value !== 'object' || value === null) return;
		for (const [name, member] of Object.entries(value)) {
			if (name === 'bom-ref') named.push(member);
			else visit(member);
		}
	};
	const parsed = JSON.parse(document);
	visit(parsed);
	const used = parsed.dependencies.flatMap((one: { readonly ref: string; readonly dependsOn: readonly string[] }) => [
		one.ref,
		...one.dependsOn,
	]);
	return { named, used };
}
