import { a } from './cycle_a.mjs';
export const order = ['b'];
export const b = () => `b sees ${a}`;
