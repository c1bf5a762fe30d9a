#!/usr/bin/env node
// Adds up the results that vitest wrote as JSON, one file per run: node scripts/sum-results.mjs FOLDER [OTHER_FAILURES]
// Ends with "N passed, N failed, N skipped" and exit code 1 if anything failed or nothing ran.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '', other = '0'] = process.argv.slice(2);
const files = (() => {
	try {
		return readdirSync(folder).filter((name) => name.endsWith('.json'));
	} catch {
		return [];
	}
})();
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const name of files) {
	const result = JSON.parse(readFileSync(join(folder, name), 'utf8'));
	totals.passed += result.numPassedTests;
	totals.failed += result.numFailedTests;
	totals.skipped += result.numPendingTests + result.numTodoTests;
	// A file that does not load has no failed test of its own.
	if (!result.success && result.numFailedTests === 0) totals.failed += Math.max(1, result.numFailedTestSuites);
}
// What failed outside of the tests (types, lint, the example) counts as one, so that the line never looks green.
if (totals.failed === 0 && (other !== '0' || totals.passed === 0)) totals.failed = 1;
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 ? 1 : 0;
