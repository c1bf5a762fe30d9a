import { stopDocker } from './docker-engine.js';

/** Ends the engines that tests have started, once after all of them. */
export default function setup(): () => void {
	return stopDocker;
}
