// Calls Python code in a component through jco: in-jco.mjs DIST

import { fileURLToPath } from 'node:url';
import { withComponent } from '../open-component.mjs';

const [dist = ''] = process.argv.slice(2);
const app = fileURLToPath(new URL('app', import.meta.url));
const options = {
	args: ['plugin', 'x'],
	env: { PYTHONPATH: '/app', PYTHONDONTWRITEBYTECODE: '1' },
	folders: { '/app': app },
	imports: { 'cpybuild:project/shop': { rate: (color) => (color === 'red' ? 2 : 10) } },
};
await withComponent(dist, options, (python) => {
	const { sales } = python;
	const item = { name: 'apple', price: 1.5, color: 'red' };
	const show = (value) => console.log(JSON.stringify(value));
	show(sales.total([item, { name: 'pear', color: 'green' }, { name: 'plum', price: 1, color: 'green' }], 2));
	show(sales.total([], undefined));
	show(sales.turn({ tag: 'one', val: item }));
	show(sales.turn({ tag: 'many', val: [item] }));
	show(sales.turn({ tag: 'nothing' }));
	show([sales.describe(), sales.describe()]);
	try {
		sales.fail();
	} catch (error) {
		console.log(`the component ended: ${error.constructor.name}`);
	}
});
