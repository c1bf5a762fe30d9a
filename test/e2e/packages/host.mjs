// What the programs of these folders talk with.
export const implementation = {
	acme: { hello: () => 7 },
	acmeBillingInvoices: { get: (id) => ({ id, name: 'n' }), count: () => 7 },
};
