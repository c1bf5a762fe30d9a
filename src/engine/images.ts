/** All that is done with images. */
export { buildImage, type ImageBuild } from './build-image.js';
export { findImage, type Image } from './image.js';
export { type PullProgress, pullImage } from './pull-image.js';
export { removeUnnamed } from './remove-image.js';
