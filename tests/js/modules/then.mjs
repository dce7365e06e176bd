export function then(resolve) { resolve('taken for a promise'); }
