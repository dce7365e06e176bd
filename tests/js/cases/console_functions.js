// Levels: log, info and debug go to standard output, warn and error to standard error.
console.log('log'); console.info('info'); console.debug('debug'); console.warn('warn'); console.error('error');
console.log();
console.log('');
console.log('a', 1, { b: 2 }, ['c']);
const { log } = console;
log('needs no this');

// assert
console.assert(true, 'not printed');
console.assert(false);
console.assert();
console.assert(false, 'message %s', 'formatted');
console.assert(false, { a: 1 }, 2);

// count
console.count();
console.count('default');
console.count(undefined);
console.count('other');
console.countReset();
console.count();
console.countReset('unknown');
console.count(null);

// group
console.group('outer', { a: 1 });
console.log('two\nlines');
console.warn('indented too');
console.group();
console.groupCollapsed('collapsed');
console.info('three deep');
console.groupEnd();
console.groupEnd();
console.log({ long: 'x'.repeat(40), longer: 'y'.repeat(40) });
console.groupEnd();
console.groupEnd();
console.log('outside');
console.group('ended by clear');
console.clear();
console.log('cleared');

// time
console.time();
console.time();
console.timeLog('default', 'with data', { a: 1 });
console.timeEnd();
console.timeEnd();
console.timeLog('unknown');

// dir, dirxml
const nested = { a: { b: { c: { d: { e: 1 } } } } };
console.dir(nested);
console.dir(nested, { depth: 0 });
console.dir(nested, { depth: 3 });
console.dir(nested, { depth: null });
console.dir(nested, { depth: Infinity });
console.dir(nested, {});
console.dir('%s');
console.dir();
console.dirxml('%s', nested, [1]);
console.dirxml();

// trace
function where() { console.trace('here', { a: 1 }); }
where();
console.trace();

// conversions of the arguments
for (const call of [() => console.count(Symbol()), () => console.dir({}, 5), () => console.table([1], 5),
  () => console.time({ toString() { throw new Error('thrown by toString'); } })]) {
  try {
    call();
    console.log('not thrown');
  } catch (error) {
    console.log(`${error}`);
  }
}

// the namespace object
console.log(Object.prototype.toString.call(console), Object.keys(console).sort().join(' '));
