// Snapshots: the heap of an engine as bytes, and an engine opened from them.

#include <v8-snapshot.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unordered_map>
#include <vector>

#include "shim_internal.h"

namespace cleat {

struct Snapshot {
  // What V8 has instead of addresses; zero at its end. V8 reads it until the isolate has gone.
  std::vector<intptr_t> references;

  // Of the snapshot that was opened: V8's part, and the numbers of the templates in it.
  v8::StartupData data = {};
  std::vector<uint32_t> numbers;

  // For a snapshot to be made. The isolate is the creator's, which has entered it.
  std::unique_ptr<v8::SnapshotCreator> creator;
  std::unordered_map<intptr_t, uint32_t> known;  // the references, by their address
  size_t global_handles = 0;                     // in bytes, before there was a context
  v8::Global<v8::Function> finished;             // what kPrepare gave
  v8::Global<v8::Value> kept[CLEAT_KEPT_COUNT];  // cleat__keep
  struct Foreign {
    v8::Global<v8::Function> function;  // weak
    std::string name;
  };
  std::vector<Foreign> foreign;  // functions with other addresses than the references
};

}  // namespace cleat

namespace {

using cleat::ContextOf;
using cleat::FromC;
using cleat::Snapshot;
using cleat::ToC;

// What stands before V8's part, which begins at a multiple of kAlignment: this, and the numbers of the templates.
struct Preface {
  uint32_t template_count;
  uint32_t data_length;
};
constexpr size_t kAlignment = 16;

size_t PrefaceLength(size_t template_count) {
  const size_t length = sizeof(Preface) + template_count * sizeof(uint32_t);
  return (length + kAlignment - 1) / kAlignment * kAlignment;
}

// WHAT V8 ADDS LATER. While a snapshot is made, V8 leaves out what is new in it, and what no snapshot can hold. It adds
// all that to each context that it opens, and aborts where it cannot, or where it is there already. Which properties
// that are is learned from an ordinary context: this lists all that can be reached from the global object.
constexpr char kList[] = R"js((() => {
  const seen = new Set();
  const paths = [];
  const walk = (object, path) => {
    if ((typeof object !== "object" && typeof object !== "function") || object === null || seen.has(object)) return;
    seen.add(object);
    for (const key of Reflect.ownKeys(object)) {
      const place = `${path}.${String(key)}`;
      paths.push(place);
      const { value, get, set } = Reflect.getOwnPropertyDescriptor(object, key);
      walk(value, place);
      walk(get, `${place}.get`);
      walk(set, `${place}.set`);
    }
    walk(Reflect.getPrototypeOf(object), `${path}.__proto__`);
  };
  walk(globalThis, "globalThis");
  return paths.join("\n");
})())js";

// Given that list, and run before any script, which must find no traces of it, such as a RegExp would leave: takes
// FinalizationRegistry away, whose work may be due when a snapshot is made, and has errors keep their stacks meanwhile.
// Gives a function, to be called when the scripts have run, that puts it back, takes out what V8 will add, and returns
// what stands in its way as text, or [Error, its stackTraceLimit], which is undefined where it is what V8 adds.
constexpr char kPrepare[] = R"js((list) => {
  const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys } = Reflect;
  const global = globalThis;
  const registry = { __proto__: null, ...getOwnPropertyDescriptor(global, "FinalizationRegistry") };
  delete global.FinalizationRegistry;
  const here = new Map();
  const seen = new Set();
  const walk = (object, path) => {
    if ((typeof object !== "object" && typeof object !== "function") || object === null || seen.has(object)) return;
    seen.add(object);
    here.set(path, object);
    for (const key of ownKeys(object)) {
      const place = `${path}.${String(key)}`;
      const { value, get, set } = getOwnPropertyDescriptor(object, key);
      if (!here.has(place)) here.set(place, null);
      walk(value, place);
      walk(get, `${place}.get`);
      walk(set, `${place}.set`);
    }
    walk(getPrototypeOf(object), `${path}.__proto__`);
  };
  walk(globalThis, "globalThis");
  const symbols = new Map(ownKeys(Symbol).map((name) => [`Symbol.${name}`, Symbol[name]]));
  const added = [];
  for (const path of list.split("\n")) {
    const dot = path.endsWith(")") ? path.lastIndexOf(".Symbol(") : path.lastIndexOf(".");
    const object = here.get(path.slice(0, dot));
    const name = path.slice(dot + 1);
    if (object && !here.has(path)) added.push([object, symbols.get(name.slice(7, -1)) ?? name, path]);
  }
  const count = added.length;
  const error = Error;
  const usual = 10;
  error.stackTraceLimit = usual;
  return () => {
    const { value: limit } = { __proto__: null, ...getOwnPropertyDescriptor(error, "stackTraceLimit") };
    for (let i = 0; i < count; i++) {
      if (!isExtensible(added[i][0]) || !deleteProperty(added[i][0], added[i][1])) return added[i][2];
    }
    if (!defineProperty(global, "FinalizationRegistry", registry)) return "globalThis.FinalizationRegistry";
    return [error, limit === usual ? undefined : limit];
  };
})js";

v8::MaybeLocal<v8::Value> Evaluate(v8::Isolate* isolate, v8::Local<v8::Context> context, const char* source) {
  v8::Local<v8::String> text;
  v8::Local<v8::Script> script;
  if (!v8::String::NewFromUtf8(isolate, source).ToLocal(&text)) return {};
  if (!v8::Script::Compile(context, text).ToLocal(&script)) return {};
  return script->Run(context);
}

// An isolate for a question.
template <class Ask>
auto AskPlainIsolate(Ask ask) {
  std::unique_ptr<v8::ArrayBuffer::Allocator> allocator(v8::ArrayBuffer::Allocator::NewDefaultAllocator());
  v8::Isolate::CreateParams params;
  params.array_buffer_allocator = allocator.get();
  v8::Isolate* isolate = v8::Isolate::New(params);
  auto answer = [&] {
    v8::Isolate::Scope isolate_scope(isolate);
    v8::HandleScope scope(isolate);
    v8::Local<v8::Context> context = v8::Context::New(isolate);
    v8::Context::Scope context_scope(context);
    return ask(isolate, context);
  }();
  isolate->Dispose();
  return answer;
}

std::string ListAll() {
  return AskPlainIsolate([](v8::Isolate* isolate, v8::Local<v8::Context> context) {
    v8::Local<v8::Value> list;
    if (!Evaluate(isolate, context, kList).ToLocal(&list)) return std::string();
    v8::String::Utf8Value text(isolate, list);
    return std::string(*text, static_cast<size_t>(text.length()));
  });
}

// V8 tells which flags it has, in a number that is the same on all processors, only at the head of a code cache: its
// fourth word.
uint32_t FlagHash() {
  return AskPlainIsolate([](v8::Isolate* isolate, v8::Local<v8::Context> context) {
    v8::Local<v8::Script> script;
    v8::Local<v8::String> source = v8::String::NewFromUtf8Literal(isolate, "0");
    uint32_t words[4] = {};
    if (!v8::Script::Compile(context, source).ToLocal(&script)) return words[3];
    std::unique_ptr<v8::ScriptCompiler::CachedData> cache(
        v8::ScriptCompiler::CreateCodeCache(script->GetUnboundScript()));
    if (cache != nullptr && cache->length >= static_cast<int>(sizeof(words))) memcpy(words, cache->data, sizeof(words));
    return words[3];
  });
}

// Used handles that outlive scopes, in bytes: they are Cleat's own, and those of Intl's objects.
size_t GlobalHandles(v8::Isolate* isolate) {
  v8::HeapStatistics statistics;
  isolate->GetHeapStatistics(&statistics);
  return statistics.used_global_handles_size();
}

// MAKING

void AddTemplates(CleatEngine* engine, std::vector<uint32_t>* numbers) {
  v8::SnapshotCreator* creator = engine->snapshot->creator.get();
  for (const CleatTemplate* it = engine->templates; it != nullptr; it = it->next) {
    if (it->number == cleat::kNoNumber || it->made.IsEmpty()) continue;
    numbers->push_back(it->number);
    creator->AddData(it->function.Get(engine->isolate));
    creator->AddData(ContextOf(engine), it->made.Get(engine->isolate));
  }
}

// After the templates; what was not kept is undefined. Lets go of them.
void AddKept(CleatEngine* engine) {
  v8::Isolate* isolate = engine->isolate;
  for (v8::Global<v8::Value>& it : engine->snapshot->kept) {
    const v8::Local<v8::Value> value =
        it.IsEmpty() ? v8::Undefined(isolate).As<v8::Value>() : v8::Local<v8::Value>(it.Get(isolate));
    engine->snapshot->creator->AddData(ContextOf(engine), value);
    it.Reset();
  }
}

void* Assemble(const std::vector<uint32_t>& numbers, const v8::StartupData& data, size_t* length) {
  const size_t before = PrefaceLength(numbers.size());
  *length = before + static_cast<size_t>(data.raw_size);
  auto* bytes = data.data == nullptr ? nullptr : static_cast<char*>(calloc(1, *length));
  if (bytes == nullptr) return nullptr;
  const Preface preface = {static_cast<uint32_t>(numbers.size()), static_cast<uint32_t>(data.raw_size)};
  memcpy(bytes, &preface, sizeof(preface));
  if (!numbers.empty()) memcpy(bytes + sizeof(preface), numbers.data(), numbers.size() * sizeof(uint32_t));
  memcpy(bytes + before, data.data, static_cast<size_t>(data.raw_size));
  return bytes;
}

// Calls what kPrepare gave; returns what stands in the way, or "".
std::string Finish(CleatEngine* engine) {
  v8::Isolate* isolate = engine->isolate;
  v8::HandleScope scope(isolate);
  v8::Local<v8::Context> context = ContextOf(engine);
  v8::Local<v8::Value> answer;
  v8::TryCatch catcher(isolate);
  v8::Local<v8::Function> finished = engine->snapshot->finished.Get(isolate);
  if (!finished->Call(context, v8::Undefined(isolate), 0, nullptr).ToLocal(&answer)) return "a termination";
  if (answer->IsString()) {
    v8::String::Utf8Value path(isolate, answer);
    return std::string(*path) + ", which V8 adds when the snapshot is opened: it, or its object, was made unchangeable";
  }
  for (uint32_t i = 0; i < 2; i++) {
    CleatValue* taken = cleat__get_index(engine, ToC(answer), i);
    if (taken == nullptr) return "a termination";
    cleat__keep(engine, static_cast<CleatKept>(CLEAT_KEPT_ERROR + i), taken);
  }
  return "";
}

}  // namespace

namespace cleat {

void ListReferences(CleatEngine* engine, const CleatReferences* given) {
  engine->snapshot = new Snapshot;
  std::vector<intptr_t>& list = engine->snapshot->references;
  list.reserve(given->count + given->fast_count * 2 + 32);
  AddLazyReferences(&list);
  AddInterceptorReferences(&list);
  const size_t before = list.size();
  list.resize(before + given->count);
  if (given->count > 0) memcpy(&list[before], given->addresses, given->count * sizeof(intptr_t));
  for (size_t i = 0; i < given->fast_count; i++) {
    list.push_back(reinterpret_cast<intptr_t>(given->fast[i]->function));
    const void* info = FastInfo(engine, given->fast[i]);
    if (info != nullptr) list.push_back(reinterpret_cast<intptr_t>(info));
  }
  list.push_back(0);
}

size_t ReferenceCount(const CleatEngine* engine) {
  return engine->snapshot == nullptr ? 0 : engine->snapshot->references.size();
}

const void* ReferenceAt(const CleatEngine* engine, size_t place) {
  return reinterpret_cast<const void*>(engine->snapshot->references[place]);
}

uint32_t PlaceInSnapshot(CleatEngine* engine, const void* data) {
  if (engine->snapshot == nullptr) return kNoNumber;
  auto found = engine->snapshot->known.find(reinterpret_cast<intptr_t>(data));
  return found == engine->snapshot->known.end() ? kNoNumber : found->second;
}

void UseSnapshot(CleatEngine* engine, const void* snapshot, v8::Isolate::CreateParams* params) {
  Snapshot* it = engine->snapshot;
  const auto* bytes = static_cast<const char*>(snapshot);
  Preface preface;
  memcpy(&preface, bytes, sizeof(preface));
  it->numbers.resize(preface.template_count);
  if (!it->numbers.empty()) {
    memcpy(it->numbers.data(), bytes + sizeof(preface), preface.template_count * sizeof(uint32_t));
  }
  it->data = {bytes + PrefaceLength(preface.template_count), static_cast<int>(preface.data_length)};
  params->snapshot_blob = &it->data;
  params->external_references = it->references.data();
}

void StartCreator(CleatEngine* engine) {
  Snapshot* snapshot = engine->snapshot;
  for (size_t i = 0; i < snapshot->references.size(); i++) {
    snapshot->known.emplace(snapshot->references[i], static_cast<uint32_t>(i));
  }
  snapshot->creator = std::make_unique<v8::SnapshotCreator>(engine->isolate, snapshot->references.data());
  snapshot->global_handles = GlobalHandles(engine->isolate);
}

bool PrepareContext(CleatEngine* engine) {
  v8::Isolate* isolate = engine->isolate;
  v8::Local<v8::Context> context = ContextOf(engine);
  const std::string list = ListAll();
  v8::Local<v8::Value> prepare;
  v8::Local<v8::String> text;
  v8::Local<v8::Value> finished;
  if (!Evaluate(isolate, context, kPrepare).ToLocal(&prepare)) return false;
  if (!v8::String::NewFromUtf8(isolate, list.c_str()).ToLocal(&text)) return false;
  v8::Local<v8::Value> arguments[] = {text};
  if (!prepare.As<v8::Function>()->Call(context, v8::Undefined(isolate), 1, arguments).ToLocal(&finished)) return false;
  engine->snapshot->finished.Reset(isolate, finished.As<v8::Function>());
  return true;
}

bool RestoreContext(CleatEngine* engine) {
  CleatValue* limit = cleat__kept(engine, CLEAT_KEPT_STACK_TRACE_LIMIT);
  if (limit == nullptr || cleat__is_undefined(limit)) return limit != nullptr;
  CleatValue* error = cleat__kept(engine, CLEAT_KEPT_ERROR);
  return error != nullptr && cleat__set(engine, error, ToC(cleat::Name(engine->isolate, "stackTraceLimit")), limit);
}

void NoteFunction(CleatEngine* engine, v8::Local<v8::Function> function, const char* name,
                  v8::FunctionCallback callback, const void* data) {
  Snapshot* snapshot = engine->snapshot;
  if (snapshot == nullptr || snapshot->creator == nullptr) return;
  if (snapshot->known.count(reinterpret_cast<intptr_t>(callback)) > 0 &&
      snapshot->known.count(reinterpret_cast<intptr_t>(data)) > 0) {
    return;
  }
  snapshot->foreign.push_back({v8::Global<v8::Function>(engine->isolate, function), name});
  snapshot->foreign.back().function.SetWeak();
}

bool TakeTemplate(CleatEngine* engine, uint32_t number, v8::Local<v8::FunctionTemplate>* function,
                  v8::Local<v8::Function>* made) {
  if (engine->snapshot == nullptr || number == kNoNumber) return false;
  std::vector<uint32_t>& numbers = engine->snapshot->numbers;
  auto found = std::find(numbers.begin(), numbers.end(), number);
  if (found == numbers.end()) return false;
  *found = kNoNumber;  // V8 gives it once
  const auto index = static_cast<size_t>(found - numbers.begin());
  return engine->isolate->GetDataFromSnapshotOnce<v8::FunctionTemplate>(index).ToLocal(function) &&
         ContextOf(engine)->GetDataFromSnapshotOnce<v8::Function>(index).ToLocal(made);
}

void DisposeIsolate(CleatEngine* engine) {
  if (engine->snapshot != nullptr && engine->snapshot->creator != nullptr) {
    engine->snapshot->finished.Reset();
    engine->snapshot->foreign.clear();
    for (v8::Global<v8::Value>& it : engine->snapshot->kept) it.Reset();
    engine->snapshot->creator.reset();
  } else {
    engine->isolate->Dispose();
  }
  delete engine->snapshot;
}

}  // namespace cleat

void cleat__snapshot_tag(CleatSnapshotTag* out) { *out = {v8::ScriptCompiler::CachedDataVersionTag(), FlagHash()}; }

bool cleat__snapshot_tag_fits(const CleatSnapshotTag* tag) {
  return tag->quick == v8::ScriptCompiler::CachedDataVersionTag() || tag->flags == FlagHash();
}

void cleat__keep(CleatEngine* engine, CleatKept which, CleatValue* value) {
  engine->snapshot->kept[which].Reset(engine->isolate, FromC(value));
}

CleatValue* cleat__kept(CleatEngine* engine, CleatKept which) {
  const size_t index = engine->snapshot->numbers.size() + which;
  return ToC(ContextOf(engine)->GetDataFromSnapshotOnce<v8::Value>(index));
}

bool cleat__snapshot_obstacle(CleatEngine* engine, char* out, size_t size) {
  std::string text;
  if (engine->reactions != nullptr) text = "a promise that C waits for";
  for (const Snapshot::Foreign& it : engine->snapshot->foreign) {
    if (text.empty() && !it.function.IsEmpty()) text = "the native function '" + it.name + "', which is of no bindings";
  }
  if (text.empty()) text = Finish(engine);
  snprintf(out, size, "%s", text.c_str());
  return !text.empty();
}

// V8's creator aborts where a handle is left but its own, which it cannot free without a blob.
void* cleat__snapshot_take(CleatEngine* engine, size_t* length, char* obstacle, size_t size) {
  v8::Isolate* isolate = engine->isolate;
  v8::SnapshotCreator* creator = engine->snapshot->creator.get();
  std::vector<uint32_t> numbers;
  bool ready;
  {
    v8::Isolate::Scope isolate_scope(isolate);
    v8::HandleScope scope(isolate);
    v8::Local<v8::Context> context = engine->context.Get(isolate);
    AddTemplates(engine, &numbers);
    AddKept(engine);
    cleat::FreeKept(engine);
    engine->snapshot->finished.Reset();
    engine->snapshot->foreign.clear();
    isolate->LowMemoryNotification();
    ready = GlobalHandles(isolate) <= engine->snapshot->global_handles;
    if (ready) {
      creator->SetDefaultContext(v8::Context::New(isolate));  // V8 wants one
      creator->AddContext(context);
    }
  }
  void* bytes = nullptr;
  if (ready) {
    v8::StartupData data = creator->CreateBlob(v8::SnapshotCreator::FunctionCodeHandling::kKeep);
    bytes = Assemble(numbers, data, length);
    delete[] data.data;
  }
  if (bytes == nullptr)
    snprintf(obstacle, size, "%s", ready ? "too much" : "an object of Intl, such as an Intl.NumberFormat");
  cleat__engine_close(engine);
  return bytes;
}
