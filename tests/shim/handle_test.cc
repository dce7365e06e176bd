// Kept values, strong and weak, under garbage collection.

#include "fixture.h"

namespace {

using HandleTest = ShimTest;

void Count(void* data) { ++*static_cast<int*>(data); }

TEST_F(HandleTest, KeepsAValueAcrossScopesAndCollections) {
  CleatScope scope;
  cleat__scope_open(engine, &scope);
  CleatHandle* handle = cleat__handle_new(engine, Run("({ name: 'kept' })"));
  cleat__scope_close(engine, &scope);
  cleat__collect_garbage(engine);
  EXPECT_EQ(TextOf(cleat__get(engine, cleat__handle_value(engine, handle), Key("name"))), "kept");
  cleat__handle_free(handle);
  cleat__handle_free(nullptr);
}

TEST_F(HandleTest, WeakOneIsToldOnceAndThenIsEmpty) {
  int collected = 0;
  CleatScope scope;
  cleat__scope_open(engine, &scope);
  CleatHandle* handle = cleat__handle_new(engine, cleat__object(engine));
  cleat__handle_set_weak(handle, Count, &collected);
  cleat__collect_garbage(engine);
  EXPECT_EQ(collected, 0);
  EXPECT_NE(cleat__handle_value(engine, handle), nullptr);
  cleat__scope_close(engine, &scope);
  for (int i = 0; i < 3; i++) cleat__collect_garbage(engine);
  EXPECT_EQ(collected, 1);
  EXPECT_EQ(cleat__handle_value(engine, handle), nullptr);
  cleat__handle_free(handle);
}

TEST_F(HandleTest, MadeStrongAgainItStays) {
  int collected = 0;
  CleatScope scope;
  cleat__scope_open(engine, &scope);
  CleatHandle* handle = cleat__handle_new(engine, cleat__object(engine));
  cleat__handle_set_weak(handle, Count, &collected);
  cleat__handle_set_strong(handle);
  cleat__scope_close(engine, &scope);
  cleat__collect_garbage(engine);
  EXPECT_EQ(collected, 0);
  EXPECT_NE(cleat__handle_value(engine, handle), nullptr);
  cleat__handle_free(handle);
}

struct Freed {
  CleatHandle* handle;
  int* count;
};

TEST_F(HandleTest, MayBeFreedByItsOwnCallback) {
  int count = 0;
  std::vector<Freed> all(1000);
  CleatScope scope;
  cleat__scope_open(engine, &scope);
  for (Freed& one : all) {
    one = {cleat__handle_new(engine, cleat__object(engine)), &count};
    cleat__handle_set_weak(
        one.handle,
        [](void* data) {
          Freed* freed = static_cast<Freed*>(data);
          ++*freed->count;
          cleat__handle_free(freed->handle);
        },
        &one);
  }
  cleat__scope_close(engine, &scope);
  cleat__collect_garbage(engine);
  EXPECT_EQ(count, 1000);
}

TEST_F(HandleTest, ACycleThroughJavaScriptIsCollected) {
  int collected = 0;
  CleatScope scope;
  cleat__scope_open(engine, &scope);
  CleatHandle* handle = cleat__handle_new(engine, Run("(() => { const a = {}, b = { a }; a.b = b; return a })()"));
  cleat__handle_set_weak(handle, Count, &collected);
  cleat__scope_close(engine, &scope);
  cleat__collect_garbage(engine);
  EXPECT_EQ(collected, 1);
  cleat__handle_free(handle);
}

TEST_F(HandleTest, FreedWeakOneIsNotTold) {
  int collected = 0;
  CleatScope scope;
  cleat__scope_open(engine, &scope);
  CleatHandle* handle = cleat__handle_new(engine, cleat__object(engine));
  cleat__handle_set_weak(handle, Count, &collected);
  cleat__handle_free(handle);
  cleat__scope_close(engine, &scope);
  cleat__collect_garbage(engine);
  EXPECT_EQ(collected, 0);
}

}  // namespace
