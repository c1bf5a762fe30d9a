import picocolors from 'picocolors';
import type { StepStatus } from '../../report.js';
import { formatDuration } from '../format.js';

/** Colours that are on or off for a whole display. */
export type Palette = ReturnType<typeof picocolors.createColors>;

/** Makes a palette that does not look at the process for itself. */
export function createPalette(color: boolean): Palette {
	return picocolors.createColors(color);
}

/** The sign in front of a step that has ended. */
export function statusSign(status: StepStatus, palette: Palette): string {
	switch (status) {
		case 'ran':
		case 'cached':
		case 'downloaded':
			return palette.green('✓');
		case 'failed':
			return palette.red('✗');
		case 'cancelled':
			return palette.yellow('-');
	}
}

/** Title and outcome of a step that has ended, without its sign: `Link python.wasm (0.4 s)`. */
export function finishedTitle(step: { title: string; status: StepStatus; ms: number }, palette: Palette): string {
	const remark = step.status === 'ran' || step.status === 'failed' ? formatDuration(step.ms) : step.status;
	return `${step.title} ${palette.dim(`(${remark})`)}`;
}
