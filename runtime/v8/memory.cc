// Memory: the limit of the heap, the bytes outside of it, what V8 tells of both, and what is done when it runs out.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <thread>

#include "shim_internal.h"

namespace {

// The least that a heap may grow beyond its limit.
constexpr size_t kLeastHeadroom = 16 << 20;

// How often the heap is given more on the way to its hard limit.
constexpr size_t kSteps = 4;

// How long a thread that helps in a collection may still take.
constexpr std::chrono::milliseconds kCollectionsEnd{200};

// The part of the limit below which a heap that was let grow gets its limit back.
constexpr double kRestored = 0.8;

// The bytes of ArrayBuffers, counted. V8 frees them on any thread.
class CountingAllocator final : public v8::ArrayBuffer::Allocator {
 public:
  explicit CountingAllocator(CleatEngine* engine) : engine_(engine) {}

  void* Allocate(size_t length) override {
    return cleat::TakeExternal(engine_, length) ? Checked(inner_->Allocate(length), length) : nullptr;
  }
  void* AllocateUninitialized(size_t length) override {
    return cleat::TakeExternal(engine_, length) ? Checked(inner_->AllocateUninitialized(length), length) : nullptr;
  }
  void Free(void* data, size_t length) override {
    inner_->Free(data, length);
    engine_->external.fetch_sub(length, std::memory_order_relaxed);
  }

 private:
  void* Checked(void* data, size_t length) {
    if (data == nullptr) engine_->external.fetch_sub(length, std::memory_order_relaxed);
    return data;
  }

  CleatEngine* const engine_;
  const std::unique_ptr<v8::ArrayBuffer::Allocator> inner_{v8::ArrayBuffer::Allocator::NewDefaultAllocator()};
};

// V8 asks this when the heap is about to be full, in the middle of an allocation, and again each time that what it got
// is used up: inside one long function of its own the termination cannot strike before that function ends.
size_t OnNearHeapLimit(void* data, size_t current, size_t initial) {
  auto* engine = static_cast<CleatEngine*>(data);
  const size_t headroom = std::max(initial / 2, kLeastHeadroom);
  engine->heap_limit = initial;
  engine->heap_grown = true;
  if (engine->host.heap_limit != nullptr) engine->host.heap_limit(engine->host.data);
  return std::min(std::max(current, initial) + headroom / kSteps, initial + headroom);
}

// From now on handles are forgotten, and what V8's threads post is leaked: giving them up would touch the isolate.
#if V8_MAJOR_VERSION > 10
void OnOutOfMemory(const char* location, const v8::OOMDetails&) {
#else
void OnOutOfMemory(const char* location, bool) {
#endif
  // V8's own threads have entered no isolate.
  v8::Isolate* isolate = v8::Isolate::TryGetCurrent();
  CleatEngine* engine = isolate == nullptr ? nullptr : cleat::EngineOf(isolate);
  if (engine != nullptr && engine->host.out_of_memory != nullptr) {
    // Threads that help V8 to collect garbage use what is on this one's stack: they are let come to their end.
    if (engine->collecting) std::this_thread::sleep_for(kCollectionsEnd);
    engine->abandoned = true;
    cleat::SetTerminating(engine, false);
    cleat::AbandonForeground(engine->foreground.get());
    engine->host.out_of_memory(engine->host.data);
  }
  fprintf(stderr, "cleat: V8 is out of memory: %s\n", location);
  abort();
}

void BeforeCollection(v8::Isolate*, v8::GCType, v8::GCCallbackFlags, void* data) {
  static_cast<CleatEngine*>(data)->collecting = true;
}

// Reads are cheap beside a collection.
void AfterCollection(v8::Isolate*, v8::GCType, v8::GCCallbackFlags, void* data) {
  auto* engine = static_cast<CleatEngine*>(data);
  CleatEngineStatistics statistics;
  engine->collecting = false;
  cleat__statistics(engine, &statistics);
}

}  // namespace

namespace cleat {

std::unique_ptr<v8::ArrayBuffer::Allocator> NewAllocator(CleatEngine* engine) {
  return std::make_unique<CountingAllocator>(engine);
}

bool TakeExternal(CleatEngine* engine, size_t length) {
  size_t taken = engine->external.load(std::memory_order_relaxed);
  do {
    if (taken > engine->external_limit || length > engine->external_limit - taken) return false;
  } while (!engine->external.compare_exchange_weak(taken, taken + length, std::memory_order_relaxed));
  return true;
}

void WatchHeap(CleatEngine* engine) {
  engine->isolate->AddNearHeapLimitCallback(OnNearHeapLimit, engine);
  // Where more lives than the limit allows, it comes back with a later collection.
  engine->isolate->AutomaticallyRestoreInitialHeapLimit(kRestored);
  engine->isolate->AddGCPrologueCallback(BeforeCollection, engine);
  engine->isolate->AddGCEpilogueCallback(AfterCollection, engine);
  engine->isolate->SetOOMErrorHandler(OnOutOfMemory);
}

}  // namespace cleat

bool cleat__heap_is_grown(const CleatEngine* engine) { return engine->heap_grown; }

// V8 sets no limit below what lives, and some more: so what is garbage goes first.
void cleat__heap_restore(CleatEngine* engine) {
  engine->isolate->LowMemoryNotification();
  engine->isolate->RemoveNearHeapLimitCallback(OnNearHeapLimit, engine->heap_limit);
  engine->isolate->AddNearHeapLimitCallback(OnNearHeapLimit, engine);
  engine->heap_grown = false;
}

void cleat__collect_garbage(CleatEngine* engine) { engine->isolate->LowMemoryNotification(); }

bool cleat__adjust_external_memory(CleatEngine* engine, int64_t change) {
  if (change < 0) {
    engine->external.fetch_sub(static_cast<size_t>(-change), std::memory_order_relaxed);
  } else if (!cleat::TakeExternal(engine, static_cast<size_t>(change))) {
    return false;
  }
  engine->isolate->AdjustAmountOfExternalAllocatedMemory(change);
  return true;
}

// An isolate of others has no engine where ours have it.
static CleatEngine* EnteredEngine() {
  v8::Isolate* isolate = v8::Isolate::TryGetCurrent();
  return isolate == nullptr || cleat::ShareWithOwner(isolate) ? nullptr : cleat::EngineOf(isolate);
}

bool cleat__call_memory_take(size_t size, CleatEngine** out) {
  *out = EnteredEngine();
  CleatEngine* engine = *out;
  if (engine == nullptr) return true;
  if (engine->of_calls > engine->external_limit || size > engine->external_limit - engine->of_calls) return false;
  engine->of_calls += size;
  return true;
}

void cleat__call_memory_give(CleatEngine* engine, size_t size) {
  if (EnteredEngine() == engine) engine->of_calls -= size;
}

void cleat__statistics(CleatEngine* engine, CleatEngineStatistics* out) {
  v8::HeapStatistics heap;
  engine->isolate->GetHeapStatistics(&heap);
  engine->heap_used.store(heap.used_heap_size(), std::memory_order_relaxed);
  engine->heap_total.store(heap.total_heap_size(), std::memory_order_relaxed);
  engine->heap_most.store(heap.heap_size_limit(), std::memory_order_relaxed);
  cleat__noted_statistics(engine, out);
}

void cleat__noted_statistics(const CleatEngine* engine, CleatEngineStatistics* out) {
  out->heap_used = engine->heap_used.load(std::memory_order_relaxed);
  out->heap_total = engine->heap_total.load(std::memory_order_relaxed);
  out->heap_limit = engine->heap_most.load(std::memory_order_relaxed);
  out->external = engine->external.load(std::memory_order_relaxed);
}
