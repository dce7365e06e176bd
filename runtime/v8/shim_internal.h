// What the files of the shim share: handles on their way in and out of C, the engine, and throwing.
#ifndef CLEAT_RUNTIME_V8_SHIM_INTERNAL_H_
#define CLEAT_RUNTIME_V8_SHIM_INTERNAL_H_

#include <v8.h>

#include <algorithm>
#include <atomic>
#include <climits>
#include <cmath>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <unordered_map>
#include <vector>

#include "shim.h"

// A CleatValue* and a v8::Local<v8::Value> are the same bits, and so an array of one is an array of the other. A handle
// that is empty is NULL.
static_assert(sizeof(v8::Local<v8::Value>) == sizeof(CleatValue*));
static_assert(sizeof(v8::MaybeLocal<v8::Value>) == sizeof(CleatValue*));
static_assert(sizeof(v8::Global<v8::Value>) == sizeof(CleatValue*));

namespace cleat {

inline v8::Local<v8::Value> FromC(CleatValue* value) {
  v8::Local<v8::Value> local;
  memcpy(static_cast<void*>(&local), &value, sizeof(value));
  return local;
}

template <class T>
v8::Local<T> FromC(CleatValue* value) {
  return FromC(value).As<T>();
}

inline v8::Local<v8::Value>* FromC(CleatValue* const* values) {
  return reinterpret_cast<v8::Local<v8::Value>*>(const_cast<CleatValue**>(values));
}

template <class T>
CleatValue* ToC(v8::Local<T> local) {
  CleatValue* value;
  memcpy(&value, static_cast<void*>(&local), sizeof(value));
  return value;
}

template <class T>
CleatValue* ToC(v8::MaybeLocal<T> maybe) {
  v8::Local<T> local;
  return maybe.ToLocal(&local) ? ToC(local) : nullptr;
}

// The handle inside a Global, with no new one made in the handle scope: for what outlives every use of it.
template <class T>
v8::Local<T> Borrow(const v8::Global<T>& global) {
  v8::Local<T> local;
  memcpy(static_cast<void*>(&local), static_cast<const void*>(&global), sizeof(local));
  return local;
}

// The tagged word that a handle points to.
inline v8::internal::Address Tagged(CleatValue* value) { return *reinterpret_cast<v8::internal::Address*>(value); }

// Finds out how numbers and functions are recognised, with a context entered: that is V8's own affair, and so believed
// only once it was seen to be so. value.cc.
void LearnTypes(v8::Isolate* isolate);

// The same for strings. string.cc.
void LearnStrings(v8::Isolate* isolate);

// Returns what an External holds. value.cc.
void* ValueOf(v8::Local<v8::External> external);

// Whether V8 would keep a number as an integer in a word, for which it has a shorter way. -0 is none.
inline bool IsSmallInteger(double value, int32_t* out) {
  if (!(value > INT_MIN && value < INT_MAX)) return false;
  *out = static_cast<int32_t>(value);
  return *out == value && (*out != 0 || !std::signbit(value));
}

inline bool IsSmi(CleatValue* value) { return !v8::internal::Internals::HasHeapObjectTag(Tagged(value)); }

using Call = v8::FunctionCallbackInfo<v8::Value>;

// A CleatCall is V8's own record of the call, so that V8 calls native functions with nothing in between. Debug builds
// abort where it cannot be one that is under way on this thread. call.cc.
#ifdef CLEAT_DEBUG
void CheckIsCall(const CleatCall* call);
#else
inline void CheckIsCall(const CleatCall*) {}
#endif
inline const Call& FromC(const CleatCall* call) {
  CheckIsCall(call);
  return *reinterpret_cast<const Call*>(call);
}

inline v8::FunctionCallback FromC(CleatNative native) {
  return reinterpret_cast<v8::FunctionCallback>(reinterpret_cast<void (*)()>(native));
}

struct FastSignature;    // fast.cc
class ForegroundRunner;  // platform.cc
class Inspector;         // inspector.cc
class InternedStrings;   // string.cc
struct LastTry;          // exception.cc
struct Reaction;         // promise.cc
class RecentStrings;     // recent_strings.h
class Shapes;            // shape.cc
struct Snapshot;         // snapshot.cc

// Where an isolate keeps its engine. The last slot: Node.js uses those from 0 on.
constexpr uint32_t kEngineSlot = v8::internal::Internals::kNumIsolateDataSlots - 1;

// The number of what is not to be found in a snapshot.
constexpr uint32_t kNoNumber = UINT32_MAX;

// How many frames of a stack are kept: as many as V8 keeps of an Error's, unless a script says otherwise.
constexpr int kMostFrames = 10;

// What the first internal field of our objects points to: V8 hands the number there to collectors of other embedders of
// the isolate, which know their own objects by it. None of those in use.
constexpr uint16_t kEmbedderMark = 0xC1EA;

// Makes the task runner of an isolate that is about to be initialised; and ends it, with the isolate gone. platform.cc.
std::shared_ptr<ForegroundRunner> OpenForeground(v8::Isolate* isolate, const CleatEngineHost& host);
void CloseForeground(v8::Isolate* isolate, ForegroundRunner* runner);

// Ends it with the isolate lost: tasks that are posted, or freed, leak. platform.cc.
void AbandonForeground(ForegroundRunner* runner);

// Has V8 be its owner's for good, where it has not been started by us; false where `isolate` is one of our own.
// platform.cc.
bool ShareWithOwner(v8::Isolate* isolate);

// What a function or a handler is made with, so that it can be found by what V8 calls: `data`, and in an isolate of
// others also whose it is, and `native` for functions. attach.cc.
v8::Local<v8::Value> NewOrigin(CleatEngine* engine, const void* data, CleatNative native = nullptr);

// What V8 is to call for `native`. attach.cc.
v8::FunctionCallback CallbackOf(const CleatEngine* engine, CleatNative native);

// Returns the data of the origin of an engine in an isolate of others. attach.cc.
void* ForeignData(v8::Local<v8::Value> origin);

// Calls run(visit) in the engine that `origin` is of; false, where that is closed. attach.cc.
bool VisitForeign(v8::Local<v8::Value> origin, void (*run)(void* visit), void* visit);

// Ends an engine in an isolate of others: what it has made does nothing any more. attach.cc.
void CloseForeign(CleatEngine* engine);

// Asks for import assertions, before V8 starts; and has import() and import.meta answered by the host. module.cc.
void EnableImportAssertions();
void WatchModules(CleatEngine* engine);

// Return V8's form of the cache that is given, owned, or nullptr; note whether it was taken; hand a new one over, which
// is freed (nullptr: there is none). script.cc.
v8::ScriptCompiler::CachedData* GivenCache(const CleatEngineCache* cache);
void NoteCache(const v8::ScriptCompiler::Source& source, CleatEngineCache* cache);
void TakeCache(v8::ScriptCompiler::CachedData* made, const CleatEngineCache* cache);

// Free what an engine keeps of each file, while its isolate is still there.
void FreeStrings(CleatEngine* engine);    // string.cc
void FreeTemplates(CleatEngine* engine);  // template.cc
void FreeReactions(CleatEngine* engine);  // promise.cc
void FreeShapes(CleatEngine* engine);     // shape.cc
void FreeListener(CleatEngine* engine);   // exception.cc
void FreeInspector(CleatEngine* engine);  // inspector.cc

// All of that, and the context. engine.cc.
void FreeKept(CleatEngine* engine);

// Frees what V8's compiler may look at until the isolate has gone. fast.cc.
void FreeFastSignatures(CleatEngine* engine);

// Asks for fast calls, before V8 starts, where they are not the default. fast.cc.
void EnableFastCalls();

// Returns a template, without [[Construct]], of a function in whose place optimised code calls `fast`, where V8 can.
// fast.cc.
v8::Local<v8::FunctionTemplate> FastTemplate(CleatEngine* engine, v8::FunctionCallback callback,
                                             v8::Local<v8::Value> data, v8::Local<v8::Signature> receiver, int length,
                                             const CleatFast* fast);

// Returns what V8 knows of the signature of `fast`, a CFunctionInfo of the engine's; NULL where V8 has none. fast.cc.
const void* FastInfo(CleatEngine* engine, const CleatFast* fast);

// Throws, but not over a termination, which JavaScript must not be able to catch. Returns NULL. exception.cc.
CleatValue* Throw(v8::Isolate* isolate, v8::Local<v8::Value> value);
CleatValue* Throw(v8::Isolate* isolate, CleatThrowKind kind, const char* message);

// Decodes WTF-8 into `out`, which has room for `length` units; returns how many there are. string.cc.
size_t Decode(const uint8_t* at, size_t length, uint16_t* out);

// Tells debuggers of an exception that nobody catches; `message` may be empty. Nothing without an inspector.
// inspector.cc.
void TellInspector(CleatEngine* engine, v8::Local<v8::Value> value, v8::Local<v8::Message> message);

// Makes the allocator of ArrayBuffers, which counts their bytes as external memory; and has the limit of the heap told
// to the host. memory.cc.
std::unique_ptr<v8::ArrayBuffer::Allocator> NewAllocator(CleatEngine* engine);
void WatchHeap(CleatEngine* engine);

// Counts `length` bytes more of external memory; false, counting nothing, where they are too many. Any thread.
// memory.cc.
bool TakeExternal(CleatEngine* engine, size_t length);

// Returns whether what was caught is a termination. engine.cc.
bool IsTerminated(CleatEngine* engine, const v8::TryCatch& catcher);

// Add V8's callbacks of the file to the addresses that a snapshot may have.
void AddLazyReferences(std::vector<intptr_t>* references);         // object.cc
void AddInterceptorReferences(std::vector<intptr_t>* references);  // interceptor.cc

// snapshot.cc. ListReferences comes first. An isolate is started from a snapshot by what UseSnapshot stores in
// `params`, or for one by StartCreator; its context is then made ready by the other two, with false where that fails.
void ListReferences(CleatEngine* engine, const CleatReferences* given);
void UseSnapshot(CleatEngine* engine, const void* snapshot, v8::Isolate::CreateParams* params);
void StartCreator(CleatEngine* engine);
bool PrepareContext(CleatEngine* engine);
bool RestoreContext(CleatEngine* engine);

// Returns the place of `data` among what lazy properties of a snapshot may have; kNoNumber where none is being made, or
// where it is not there.
uint32_t PlaceInSnapshot(CleatEngine* engine, const void* data);

// What may stand there, by its place; none where the engine has nothing to do with a snapshot.
size_t ReferenceCount(const CleatEngine* engine);
const void* ReferenceAt(const CleatEngine* engine, size_t place);

// Disposes of the isolate however it was made.
void DisposeIsolate(CleatEngine* engine);

// Notes a function that was made with these addresses: those of others than the references are in a snapshot's way.
void NoteFunction(CleatEngine* engine, v8::Local<v8::Function> function, const char* name,
                  v8::FunctionCallback callback, const void* data);

// Stores what the snapshot has of the template with this number, which it then has no longer; false for none.
bool TakeTemplate(CleatEngine* engine, uint32_t number, v8::Local<v8::FunctionTemplate>* function,
                  v8::Local<v8::Function>* made);

// Sees to it that a termination which has struck strikes again, now that V8 takes it for done. engine.cc.
void KeepTermination(CleatEngine* engine);

// Has a termination that was asked for strike now; false where none was. call.cc.
bool Strike(CleatEngine* engine);

// Notes whether the engine is to end what it runs. Under the lock of terminations, or with the engine's end. engine.cc.
void SetTerminating(CleatEngine* engine, bool terminating);

}  // namespace cleat

struct CleatEngine {
  v8::Isolate* isolate = nullptr;
  v8::Global<v8::Context> context;
  CleatEngineHost host = {};
  std::unique_ptr<v8::ArrayBuffer::Allocator> allocator;
  std::shared_ptr<cleat::ForegroundRunner> foreground;

  // engine.cc. The mutex makes the mark and V8's own one thing.
  std::mutex termination;
  std::atomic<bool> terminating{false};

  // memory.cc. What any thread may read is atomic.
  bool abandoned = false;  // V8 ran out of memory: the isolate must not be touched any more
  size_t heap_limit = 0;   // of V8's old generation, before it was given more
  bool heap_grown = false;
  bool collecting = false;
  size_t external_limit = SIZE_MAX;
  std::atomic<size_t> external{0};
  size_t of_calls = 0;  // see cleat__call_memory_take
  std::atomic<size_t> heap_used{0};
  std::atomic<size_t> heap_total{0};
  std::atomic<size_t> heap_most{0};

  // attach.cc. Of an engine in an isolate of others.
  uint64_t foreign = 0;  // its number; 0 for other engines
  CleatEngine* next_foreign = nullptr;
  v8::Global<v8::ObjectTemplate> origins;

  // exception.cc
  void (*uncaught)(void* data, const CleatException* exception) = nullptr;
  void* uncaught_data = nullptr;
  cleat::LastTry* last_try = nullptr;

  cleat::InternedStrings* interned = nullptr;
  cleat::RecentStrings* recent = nullptr;
  int short_strings = 0;  // that were made before there is `recent`
  int entries = 0;        // see cleat__entered; on the engine's thread
  cleat::Shapes* shapes = nullptr;
  cleat::Inspector* inspector = nullptr;
  cleat::Snapshot* snapshot = nullptr;
  std::vector<const void*> lazy;  // object.cc: what lazy properties are defined with, besides references
  cleat::FastSignature* fast_signatures = nullptr;
  CleatTemplate* templates = nullptr;
  v8::Global<v8::ObjectTemplate> cells;
  cleat::Reaction* reactions = nullptr;

  // module.cc
  std::unordered_multimap<int, CleatEngineModule*> modules;             // by V8's hash of them
  CleatEngineModule* (*requested)(void* data, size_t index) = nullptr;  // while one is linked
};

struct CleatTemplate {
  CleatEngine* engine;
  CleatTemplate* parent;
  CleatTemplate* next;  // of the engine's
  v8::Global<v8::FunctionTemplate> function;
  v8::Global<v8::ObjectTemplate> instances;
  v8::Global<v8::Function> made;  // empty until cleat__template_function
  uint32_t number;                // in a snapshot
};

namespace cleat {

// Empties a Global of an isolate that must not be touched.
template <class T>
void Forget(v8::Global<T>* global) {
  ::new (global) v8::Global<T>();
}

inline v8::Local<v8::Context> ContextOf(const CleatEngine* engine) { return Borrow(engine->context); }

inline CleatEngine* EngineOf(v8::Isolate* isolate) { return static_cast<CleatEngine*>(isolate->GetData(kEngineSlot)); }

// Has the isolate of `engine` know it as its engine, until this is left. In an isolate of others nothing is known as
// its engine while none of our functions are under way.
class EngineSlot {
 public:
  explicit EngineSlot(CleatEngine* engine) : isolate_(engine->isolate), previous_(isolate_->GetData(kEngineSlot)) {
    isolate_->SetData(kEngineSlot, engine);
  }
  EngineSlot(const EngineSlot&) = delete;
  ~EngineSlot() { isolate_->SetData(kEngineSlot, previous_); }

 private:
  v8::Isolate* const isolate_;
  void* const previous_;
};

// Counts an entry into JavaScript, until it is left: in every function that may run some.
class Entering {
 public:
  explicit Entering(CleatEngine* engine) : engine_(engine) { engine->entries++; }
  Entering(const Entering&) = delete;
  ~Entering() { engine_->entries--; }

 private:
  CleatEngine* const engine_;
};

// Calls body(engine, data) for what V8 calls with `origin`; false where its engine is closed, and body is not called.
template <class Body>
bool Visit(v8::Isolate* isolate, v8::Local<v8::Value> origin, Body body) {
  if (origin->IsExternal()) {
    body(EngineOf(isolate), ValueOf(origin.As<v8::External>()));
    return true;
  }
  struct It {
    v8::Isolate* isolate;
    v8::Local<v8::Value> origin;
    Body* body;
  } it = {isolate, origin, &body};
  return VisitForeign(
      origin,
      [](void* visit) {
        auto* it = static_cast<It*>(visit);
        (*it->body)(EngineOf(it->isolate), ForeignData(it->origin));
      },
      &it);
}

// The name of something that is defined once, and so not worth keeping beside V8's own table.
inline v8::Local<v8::String> Name(v8::Isolate* isolate, const char* latin1) {
  return v8::String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t*>(latin1), v8::NewStringType::kInternalized)
      .ToLocalChecked();
}

inline v8::Local<v8::String> Interned(CleatEngine* engine, const char* latin1) {
  return FromC(cleat__interned(engine, latin1)).As<v8::String>();
}

}  // namespace cleat

#endif  // CLEAT_RUNTIME_V8_SHIM_INTERNAL_H_
