// Bytes: ArrayBuffers and views.

#include "fixture.h"

namespace {

using BufferTest = ShimTest;

TEST_F(BufferTest, BytesAreCopiedIn) {
  uint8_t bytes[] = {1, 2, 3};
  CleatValue* buffer = cleat__array_buffer(engine, bytes, 3);
  bytes[0] = 9;
  DefineGlobal("b", buffer);
  EXPECT_EQ(Text("new Uint8Array(b).join()"), "1,2,3");
  DefineGlobal("z", cleat__array_buffer(engine, nullptr, 4));
  EXPECT_EQ(Text("new Uint8Array(z).join()"), "0,0,0,0");
  EXPECT_EQ(TextOf(cleat__array_buffer(engine, nullptr, 0)), "[object ArrayBuffer]");
}

TEST_F(BufferTest, EveryViewIsMadeAndRead) {
  const struct {
    CleatBytesKind kind;
    const char* name;
    int size;
  } kinds[] = {{CLEAT_BYTES_DATA_VIEW, "DataView", 1},      {CLEAT_BYTES_INT8, "Int8Array", 1},
               {CLEAT_BYTES_UINT8, "Uint8Array", 1},        {CLEAT_BYTES_UINT8_CLAMPED, "Uint8ClampedArray", 1},
               {CLEAT_BYTES_INT16, "Int16Array", 2},        {CLEAT_BYTES_UINT16, "Uint16Array", 2},
               {CLEAT_BYTES_INT32, "Int32Array", 4},        {CLEAT_BYTES_UINT32, "Uint32Array", 4},
               {CLEAT_BYTES_FLOAT32, "Float32Array", 4},    {CLEAT_BYTES_FLOAT64, "Float64Array", 8},
               {CLEAT_BYTES_BIGINT64, "BigInt64Array", 8},  {CLEAT_BYTES_BIGUINT64, "BigUint64Array", 8},
               {CLEAT_BYTES_ARRAY_BUFFER, "ArrayBuffer", 1}};
  uint8_t bytes[24] = {7};
  for (const auto& one : kinds) {
    size_t length;
    CleatBytesKind kind;
    CleatValue* buffer = cleat__array_buffer(engine, bytes, 24);
    CleatValue* view = cleat__view(engine, one.kind, buffer, 0, 24);
    EXPECT_EQ(TextOf(cleat__constructor_name(engine, view)), one.name);
    EXPECT_EQ(cleat__bytes(engine, view, &length, &kind)[0], 7);
    EXPECT_EQ(length, 24u);
    EXPECT_EQ(kind, one.kind);
    if (one.kind == CLEAT_BYTES_ARRAY_BUFFER) continue;
    uint8_t* whole = cleat__bytes(engine, buffer, &length, &kind);
    view = cleat__view(engine, one.kind, buffer, 8, 8);
    EXPECT_EQ(cleat__bytes(engine, view, &length, &kind), whole + 8);
    EXPECT_EQ(length, 8u);
  }
}

TEST_F(BufferTest, ViewsOutOfBoundsAreRangeErrors) {
  CleatValue* buffer = cleat__array_buffer(engine, nullptr, 16);
  const struct {
    CleatBytesKind kind;
    size_t offset, length;
  } cases[] = {{CLEAT_BYTES_UINT8, 0, 17},  {CLEAT_BYTES_UINT8, 17, 0},   {CLEAT_BYTES_UINT8, 8, SIZE_MAX},
               {CLEAT_BYTES_FLOAT64, 4, 8}, {CLEAT_BYTES_FLOAT64, 0, 12}, {CLEAT_BYTES_DATA_VIEW, 16, 1}};
  for (const auto& one : cases) {
    EXPECT_EQ(Try([&] {
                EXPECT_EQ(cleat__view(engine, one.kind, buffer, one.offset, one.length), nullptr);
              }).value.substr(0, 10),
              "RangeError");
  }
}

TEST_F(BufferTest, TooMuchMemoryIsARangeError) {
  EXPECT_EQ(Try([&] { EXPECT_EQ(cleat__array_buffer(engine, nullptr, size_t{1} << 60), nullptr); }).value,
            "RangeError: Array buffer allocation failed");
  EXPECT_EQ(TryRun("new ArrayBuffer(2 ** 52)").value.substr(0, 10), "RangeError");
}

TEST_F(BufferTest, ShortViewsAreMovedOffTheHeap) {
  size_t length;
  CleatBytesKind kind;
  CleatValue* view = Run("u = new Uint8Array([1, 2, 3])");
  uint8_t* bytes = cleat__bytes(engine, view, &length, &kind);
  ASSERT_EQ(length, 3u);
  bytes[1] = 50;
  cleat__collect_garbage(engine);
  EXPECT_EQ(Text("u.join()"), "1,50,3");
  EXPECT_EQ(cleat__bytes(engine, view, &length, &kind), bytes);
}

TEST_F(BufferTest, SharedAndDetachedAndEmptyAndOtherValues) {
  size_t length = 9;
  CleatBytesKind kind;
  EXPECT_NE(cleat__bytes(engine, Run("new SharedArrayBuffer(5)"), &length, &kind), nullptr);
  EXPECT_EQ(length, 5u);
  EXPECT_EQ(kind, CLEAT_BYTES_ARRAY_BUFFER);
  EXPECT_NE(cleat__bytes(engine, Run("new Uint8Array(0)"), &length, &kind), nullptr);
  EXPECT_EQ(length, 0u);
  length = 9;
  EXPECT_NE(cleat__bytes(engine,
                         Run("memory = new WebAssembly.Memory({ initial: 1 }); old = new Uint8Array(memory.buffer); "
                             "memory.grow(1); old"),
                         &length, &kind),
            nullptr);
  EXPECT_EQ(length, 0u);
  EXPECT_EQ(kind, CLEAT_BYTES_UINT8);
  EXPECT_EQ(cleat__bytes(engine, cleat__object(engine), &length, &kind), nullptr);
}

TEST_F(BufferTest, BuffersAreFreedByCollection) {
  for (int i = 0; i < 200; i++) {
    CleatScope scope;
    cleat__scope_open(engine, &scope);
    EXPECT_NE(cleat__array_buffer(engine, nullptr, 8 << 20), nullptr);
    cleat__scope_close(engine, &scope);
  }
  cleat__collect_garbage(engine);
  CleatEngineStatistics statistics;
  cleat__statistics(engine, &statistics);
  EXPECT_LT(statistics.external, size_t{100} << 20);
}

}  // namespace
