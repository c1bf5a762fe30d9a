export default { host: { add: (a, b) => (a + b) | 0, echo: (text) => text } };
