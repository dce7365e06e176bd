console.log(new Error('plain'));
console.log([new TypeError('in an array')], { error: new RangeError('in an object') });
class HttpError extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}
console.log(new HttpError('not found', 404));
const named = new Error('named');
named.name = 'Custom';
console.log(named);
console.log(new Error('outer', { cause: new Error('inner') }));
console.log(new AggregateError([new Error('first'), 2], 'several'));
console.log('%s', new Error('formatted'));
const replaced = new Error('x');
replaced.stack = undefined;
console.log(replaced);
replaced.stack = 'no frames';
console.log(replaced);
replaced.stack = 'Own text\n    at nowhere';
console.log(replaced);
const empty = new Error();
delete empty.stack;
console.log(empty);
function thrower() {
  throw new Error('thrown');
}
try {
  thrower();
} catch (error) {
  console.error(error);
}
