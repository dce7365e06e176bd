// Functions of C libraries, bound by their IDL alone.
"use strict";

test("a buffer is a pointer and a length to a function of a library", () => {
  const bytes = bytesOf("123456789");
  same(zlib.crc32(0, bytes), 0xcbf43926);
  same(zlib.crc32(0, bytes.buffer), 0xcbf43926);
  same(zlib.crc32(zlib.crc32(0, bytes.subarray(0, 4)), bytes.subarray(4)), 0xcbf43926);
  same(zlib.crc32(0, new DataView(bytes.buffer, 1, 2)), zlib.crc32(0, Uint8Array.of(0x32, 0x33)));
  const shared = new Uint8Array(new SharedArrayBuffer(9));
  shared.set(bytes);
  same(zlib.crc32(0, shared), 0xcbf43926);
  same(zlib.crc32(7, new Uint8Array(0)), 7); // no NULL, which means another thing to zlib
  throws(TypeError, () => zlib.crc32(0, "123"), "Failed to execute 'crc32' on 'zlib': argument 2 is not");
});

// A byte for each character.
function bytesOf(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

test("a length is never more than an int", () => {
  let large;
  try {
    large = new Uint8Array(2 ** 31);
  } catch {
    return; // not on this machine
  }
  const message = "Failed to execute 'crc32' on 'zlib': argument 2 is longer than 2147483647.";
  throws(RangeError, () => zlib.crc32(0, large), message);
  same(typeof zlib.crc32(0, large.subarray(2 ** 31 - 10)), "number");
});

test("a string is one, with the NULs in it", () => {
  same(zlib.adler32(1, "Wikipedia"), 0x11e60398);
  same(zlib.adler32(1, "\0\0"), (2 << 16) | 1);
  same(zlib.adler32(1, ""), 1);
  same(sqlite.isKeyword("select"), true);
  same(sqlite.isKeyword("selection"), false);
  same(sqlite.isKeyword("select\0"), false);
});

test("a string that is a plain pointer to C has no NUL in it", () => {
  same(sqlite.isComplete("SELECT 1;"), true);
  same(sqlite.isComplete("SELECT 'a;"), false);
  throws(TypeError, () => sqlite.isComplete("SELECT 1;\0"), "argument 1");
  throws(TypeError, () => new CFile("/dev/null\0x", "r"), "argument 1");
});

test("a library's strings are borrowed, or freed as it says", () => {
  same(/^1\.\d/.test(zlib.version), true);
  same(sqlite.errorText(5), "database is locked");
  same(libc.copy("héllo"), "héllo");
  same(libc.environment("no such variable of the environment"), null);
});

test("a blocking function of a library is asynchronous", async () => {
  same(await zlib.crc32Later(0, bytesOf("123456789")), 0xcbf43926);
  same(await libc.copyLater("héllo"), "héllo");
  await rejects(TypeError, zlib.crc32Later(0, new DataView(new ArrayBuffer(1))), "argument 2");
});

test("a type of a library is an interface", () => {
  const mutex = new SqliteMutex(1);
  mutex.enter();
  mutex.leave();
  throws(TypeError, () => mutex.enter.call(CFile.temporary()), "Illegal invocation");
  const file = new CFile("/etc/passwd", "r");
  same(typeof file.read(), "number");
  same(file.position, 1);
  file.rewind();
  same(file.position, 0);
  throws(Error, () => new CFile("/nothing/is/here", "r"), "Failed to construct 'CFile': it gave no CFile.");
});

test("functions of libm are what they are in C", () => {
  same(libm.hypot(3, 4), 5);
  same(libm.ceil(-0.5), -0);
  same(libm.ceil(NaN), NaN);
  same(libm.lround(-2.5), -3);
  same(libm.isNaN(NaN), true);
  throws(TypeError, () => libm.hypot(NaN, 1), "argument 1");
  same(libc.toUpper(0x61), 0x41);
  same(zlib.bound(1000) > 1000, true);
});
