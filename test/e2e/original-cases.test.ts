import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect } from 'vitest';
import { VERSIONS } from '../helpers/dist.js';
import { originalCases, testOriginalCases } from '../helpers/original-cases.js';
import { openProject, type Project } from '../helpers/project.js';

describe.each(VERSIONS)('CPython %s', (version) => {
	let project: Project;

	beforeAll(async () => {
		const folder = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
		project = await openProject(folder, originalCases(version));
		const built = await project.build();
		expect(built).toMatchObject({ code: 0 });
		return () => rm(folder, { recursive: true, force: true });
	});

	testOriginalCases(version, () => project);
});
