import { b, order } from './cycle_b.mjs';
order.push('a');
export const a = 'a';
export const both = () => a + b();
export { order };
