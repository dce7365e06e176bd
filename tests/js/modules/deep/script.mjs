export { increment } from '../counter.mjs';
export default () => import('../counter.mjs');
