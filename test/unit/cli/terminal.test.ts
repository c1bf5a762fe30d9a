import { expect, test } from 'vitest';
import { fakeTerminal } from './fake-terminal.js';

test.each([
	['a terminal', true, {}, { color: true, interactive: true }],
	['a log', false, {}, { color: false, interactive: false }],
	['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, { color: false, interactive: true }],
	['a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, { color: true, interactive: true }],
	['a log with FORCE_COLOR', false, { FORCE_COLOR: '1' }, { color: true, interactive: false }],
	['a terminal with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, { color: false, interactive: true }],
	['NO_COLOR against FORCE_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, { color: false, interactive: true }],
	['a terminal in CI', true, { CI: 'true' }, { color: true, interactive: false }],
	['a dumb terminal', true, { TERM: 'dumb' }, { color: false, interactive: false }],
])('%s decides about colours and displays', (_, isTTY, env, expected) => {
	const { color, interactive } = fakeTerminal({ isTTY, env }).terminal;
	expect({ color, interactive }).toEqual(expected);
});

test('annotations are written for GitHub Actions alone', () => {
	expect(fakeTerminal({ env: { GITHUB_ACTIONS: 'true' } }).terminal.github).toBe(true);
	expect(fakeTerminal({ env: { CI: 'true' } }).terminal.github).toBe(false);
});
