import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { openContainer, removeContainer } from '../../../src/engine/containers.js';
import { openEngine } from '../../../src/engine/engine.js';
import { DOCKER, engineThatIs, problemOf, withServer } from './fake-engine.js';

const settings = { image: 'sha256:1', user: { uid: 4242, gid: 4243 } };

/** What is asked of an engine that answers each creation with the next of these, and how it ends. */
async function create(answers: readonly { readonly status: number; readonly message: string }[]) {
	const created: unknown[] = [];
	const problem = await withServer(
		engineThatIs(DOCKER, async (request, response) => {
			const answer = answers[created.push(JSON.parse(await text(request))) - 1];
			response.writeHead(answer?.status ?? 500, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
		}),
		async (endpoint) => {
			const engine = await openEngine(endpoint);
			const problem = await problemOf(openContainer(engine, settings), endpoint.url);
			engine.close();
			return problem;
		},
	);
	return { created, problem };
}

const refusal = { status: 500, message: 'out of luck' };
const refused = {
	code: 'toolchain/engine-refused',
	message: 'the container engine at "URL" refuses: out of luck',
	hint: 'the log of the engine may say more',
};

test('a container is asked for without network, rights, and anything of the image', async () => {
	expect(await create([refusal])).toEqual({
		created: [
			{
				Image: 'sha256:1',
				Entrypoint: ['cat'],
				Cmd: [],
				Healthcheck: { Test: ['NONE'] },
				User: '4242:4243',
				WorkingDir: '/',
				Labels: { 'cpybuild.owner': expect.stringMatching(RegExp(`^[0-9a-f]{16}/${process.pid}/\\d*$`)) },
				AttachStdin: true,
				OpenStdin: true,
				StdinOnce: true,
				NetworkDisabled: true,
				HostConfig: {
					AutoRemove: true,
					Init: true,
					NetworkMode: 'none',
					CapDrop: ['ALL'],
					SecurityOpt: ['no-new-privileges'],
					LogConfig: { Type: 'none', Config: {} },
				},
			},
		],
		problem: refused,
	});
});

test('an engine that has no program for an init is asked for none', async () => {
	const message =
		'container create: container-init binary not found on the host: stat catatonit: no such file or directory';
	const { created, problem } = await create([{ status: 500, message }, refusal]);
	expect([created, problem]).toEqual([
		[{ HostConfig: { Init: true } }, { HostConfig: { Init: false } }].map((one) =>
			expect.objectContaining({ HostConfig: expect.objectContaining(one.HostConfig) }),
		),
		refused,
	]);
});

test('an image that is gone meanwhile is told', async () => {
	const { problem } = await create([{ status: 404, message: 'No such image: sha256:1' }]);
	expect(problem).toEqual({
		code: 'toolchain/image-missing',
		message: 'the container engine at "URL" has no image "sha256:1"',
		hint: 'it was removed meanwhile, or its name is wrong; run the build again',
	});
});

test('a removal that somebody else has begun, and that fails, is asked for until the container is gone', async () => {
	const asked: (string | undefined)[] = [];
	const answers = [409, 409, 204];
	await withServer(
		engineThatIs(DOCKER, (request, response) => {
			asked.push(`${request.method} ${request.url}`);
			const message = 'removal of container 1 is already in progress';
			response.writeHead(answers[asked.length - 1] ?? 500, { 'content-type': 'application/json' });
			response.end(answers[asked.length - 1] === 204 ? undefined : JSON.stringify({ message }));
		}),
		async (endpoint) => {
			const engine = await openEngine(endpoint);
			await removeContainer({ engine, id: '1', lifeline: new PassThrough() });
			engine.close();
		},
	);
	expect(asked).toEqual(Array(3).fill(expect.stringMatching(/^DELETE .*\/containers\/1\?force=true&v=true$/)));
});
