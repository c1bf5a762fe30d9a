import type { Engine } from './engine.js';
import { ask, refusalOf } from './failure.js';

/**
 * Removes an image that nobody has named, with those below it that nobody has named or uses either. One that is in use,
 * or gone, is fine.
 */
export async function removeUnnamed({ api, endpoint }: Engine, id: string): Promise<void> {
	await ask(endpoint, undefined, async () => {
		try {
			const { RepoTags } = await api.getImage(id).inspect();
			if ((RepoTags ?? []).length === 0) await api.getImage(id).remove();
		} catch (error) {
			const status = refusalOf(error)?.status;
			if (status !== 404 && status !== 409) throw error;
		}
	});
}
