// The garden as somebody would write it in JavaScript, which is not what Web IDL promises.
globalThis.Plant = class Plant {
  static count = 0;
  static MAX_HEIGHT = 300;
  get name() { return "rose"; }
  water(amount, slowly) { return amount; }
  bloom() { return Promise.resolve("red"); }
};
Plant.prototype.watch = function (watcher) {};
globalThis.Tree = class Tree extends Plant {};
Object.defineProperty(globalThis, "soil", { value: { wetness: 1 }, writable: true, configurable: true });
globalThis.rain = (minutes) => {};
