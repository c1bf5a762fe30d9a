import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CACHE } from '../helpers/cache.js';
import { killContainerRounds } from '../helpers/container-kill-rounds.js';
import { IN_CONTAINER } from '../helpers/container-project.js';
import { dockerHostWithBase } from '../helpers/docker-engine.js';
import { makeProject } from '../helpers/project.js';

beforeAll(async () => {
	vi.stubEnv('DOCKER_HOST', await dockerHostWithBase());
});

afterAll(() => {
	vi.unstubAllEnvs();
});

test.each(['SIGINT', 'SIGKILL'] as const)(
	'ten builds in containers, ended by %s at random moments, leave nothing',
	async (signal) => {
		const manifest = `python: "3.13.5"\nmodules: {}\nbuild: ${IN_CONTAINER}\n`;
		const project = await makeProject({ 'project.yaml': manifest });
		expect(await project.build('--quiet')).toMatchObject({ code: 0 });
		const killed = await killContainerRounds(10, signal, CACHE);
		console.log('killed:', killed);
		expect(Object.values(killed).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(7);
	},
);
