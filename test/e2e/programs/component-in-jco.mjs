// Runs a component in Node through jco: component-in-jco.mjs DIST CODE

import { withComponent } from './open-component.mjs';

const [dist = '', code = ''] = process.argv.slice(2);
const demo = {
	bar: (a, b) => a + b,
	greet: (name, raw) => `hello ${name} ${raw.join(' ')}`,
	failHard: () => {
		throw new Error('the host is out of order');
	},
};
const options = {
	args: ['python', '-I', '-c', code],
	env: { PYTHONHOME: '/' },
	imports: { 'cpybuild:project/demo': demo },
};
await withComponent(dist, options, (python) => {
	try {
		python.run.run();
	} catch (error) {
		console.log(`the component ended: ${error.message}`);
	}
});
