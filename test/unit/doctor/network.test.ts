import { describe, expect, test } from 'vitest';
import { firstMirror, judgeNetwork, type NetworkContext, type NetworkFacts } from '../../../src/doctor/network.js';
import { CACHED, CHANGED, COLD } from './work-cases.js';

const up = (name: string) => ({ name, failure: undefined });
const down = (name: string) => ({ name, failure: 'connect ECONNREFUSED' });
const CONTEXT: NetworkContext = { work: COLD, offline: false, python: '3.13.5', wantsPackage: false };

const judge = (facts: NetworkFacts, context: Partial<NetworkContext> = {}) =>
	judgeNetwork(facts, { ...CONTEXT, ...context });

test('all servers answer', () => {
	expect(judge({ source: up('python.example'), debian: up('debian.example'), npm: up('npm.example') })).toEqual([
		{ id: 'network.source', state: 'ok', found: 'python.example answers' },
		{ id: 'network.debian', state: 'ok', found: 'debian.example answers' },
		{ id: 'network.npm', state: 'ok', found: 'npm.example answers' },
	]);
});

test('who needs no server is asked nothing', () => {
	expect(judge({})).toEqual([]);
});

describe('the place where the source is published does not answer', () => {
	const details = ['python.example: connect ECONNREFUSED'];

	test('and nobody else has it', () => {
		const cannot = {
			id: 'network.source',
			state: 'error',
			found: 'the source of CPython 3.13.5 cannot be fetched',
			means: 'connect to the network, set CPYBUILD_CPYTHON_MIRROR, or name a tarball of your own in the manifest',
		};
		expect(judge({ source: down('python.example') })).toEqual([{ ...cannot, details }]);
		expect(judge({ source: down('python.example'), debian: down('debian.example') })).toEqual([
			{ ...cannot, details: [...details, 'debian.example: connect ECONNREFUSED'] },
			{
				id: 'network.debian',
				state: 'note',
				found: 'debian.example cannot be reached',
				means: 'apt installs nothing, and has no source of CPython to give',
				details: ['debian.example: connect ECONNREFUSED'],
			},
		]);
	});

	test('but Debian does', () => {
		expect(judge({ source: down('python.example'), debian: up('debian.example') })[0]).toEqual({
			id: 'network.source',
			state: 'note',
			found: 'python.example cannot be reached',
			means: 'the source of CPython 3.13.5 is looked for at debian.example instead',
			details,
		});
	});

	test('and the source is here', () => {
		expect(judge({ source: down('python.example') }, { work: CHANGED })).toEqual([
			{
				id: 'network.source',
				state: 'note',
				found: 'python.example cannot be reached',
				means: 'this build does not need it: the source of CPython, or what is made of it, is here',
				details,
			},
		]);
	});
});

test('the npm registry matters where the embedded toolchain is to come from it', () => {
	const unreachable = {
		id: 'network.npm',
		found: 'npm.example cannot be reached',
		details: ['npm.example: connect ECONNREFUSED'],
	};
	expect(judge({ npm: down('npm.example') })).toEqual([
		{
			...unreachable,
			state: 'note',
			means: 'builds do not need it: the embedded toolchain is installed, or not wanted',
		},
	]);
	expect(judge({ npm: down('npm.example') }, { wantsPackage: true })).toEqual([
		{ ...unreachable, state: 'warning', means: 'the embedded toolchain cannot be installed from it' },
	]);
});

test('a WASI-SDK that has to be fetched has to be there', () => {
	expect(judge({ sdk: up('sdk.example') })).toEqual([
		{ id: 'network.wasi-sdk', state: 'ok', found: 'sdk.example answers' },
	]);
	const unreachable = {
		id: 'network.wasi-sdk',
		state: 'error',
		found: 'the WASI-SDK cannot be fetched',
		means: 'connect to the network, set CPYBUILD_WASI_SDK_MIRROR, or set WASI_SDK_PATH to the folder of one',
		details: ['sdk.example: connect ECONNREFUSED'],
	};
	expect(judge({ sdk: down('sdk.example') })).toEqual([unreachable]);
	expect(judge({ sdk: down('sdk.example') }, { work: CACHED })).toEqual([{ ...unreachable, state: 'warning' }]);
});

describe('with --offline', () => {
	test('a source that has to be fetched fails the build', () => {
		expect(judge({}, { offline: true })).toEqual([
			{
				id: 'network.source',
				state: 'error',
				found: 'the source of CPython 3.13.5 is not on this machine',
				means: '--offline forbids fetching it; build once without',
			},
		]);
	});

	test('others need no network', () => {
		expect(judge({}, { offline: true, work: CHANGED })).toEqual([
			{ id: 'network.source', state: 'ok', found: 'not asked, and not needed' },
		]);
	});
});

test("the first mirror of apt's configuration is asked", () => {
	const targets = [
		'Translations http://debian.example/debian bookworm main',
		'Packages http://debian.example/debian bookworm contrib',
		'Packages file bookworm main',
		'Packages http://debian.example/debian/ bookworm main',
		'Packages http://other.example/debian/ trixie main',
	];
	expect(firstMirror(targets.join('\n'))).toEqual({ uri: 'http://debian.example/debian/', suite: 'bookworm' });
	expect(firstMirror('Packages http://debian.example/debian trixie main\n')).toEqual({
		uri: 'http://debian.example/debian/',
		suite: 'trixie',
	});
	expect(firstMirror('')).toBeUndefined();
});
