export const x = 1;

import '../none.mjs';
