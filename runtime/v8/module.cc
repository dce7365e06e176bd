// Modules: compiled, linked and evaluated; what they and import() ask for; import.meta.

#include <algorithm>
#include <vector>

#include "shim_internal.h"

struct CleatEngineModule {
  CleatEngine* engine;
  v8::Global<v8::Module> module;
  v8::Global<v8::UnboundModuleScript> code;  // of a compiled one
  int hash;                                  // V8's; others may have the same
  void* data;
  bool (*evaluate)(void* data);  // of a synthetic one
  void (*collected)(void* data);
  void* collected_data;
};

namespace {

using cleat::ContextOf;
using cleat::FromC;
using cleat::ToC;

CleatEngineModule* Keep(CleatEngine* engine, v8::Local<v8::Module> local, bool (*evaluate)(void* data), void* data) {
  auto* module = new CleatEngineModule{engine, {}, {}, local->GetIdentityHash(), data, evaluate, nullptr, nullptr};
  module->module.Reset(engine->isolate, local);
  engine->modules.emplace(module->hash, module);
  return module;
}

CleatEngineModule* Find(CleatEngine* engine, v8::Local<v8::Module> local) {
  auto range = engine->modules.equal_range(local->GetIdentityHash());
  for (auto it = range.first; it != range.second; ++it) {
    if (it->second->module == local) return it->second;
  }
  return nullptr;
}

v8::Local<v8::Module> LocalOf(const CleatEngineModule* module) { return module->module.Get(module->engine->isolate); }

v8::Local<v8::String> StringAt(v8::Local<v8::Context> context, v8::Local<v8::FixedArray> list, int index) {
  return list->Get(context, index).As<v8::String>();
}

// Reads a list of assertions, each a key, a value and whatever else makes `stride`.
void ReadAssertions(CleatEngine* engine, v8::Local<v8::FixedArray> list, int stride, CleatModuleRequest* out) {
  v8::Local<v8::Context> context = ContextOf(engine);
  for (int i = 0; i + 1 < list->Length(); i += stride) {
    v8::Local<v8::String> key = StringAt(context, list, i);
    if (key->StringEquals(cleat::Interned(engine, "type"))) {
      out->type = ToC(StringAt(context, list, i + 1));
    } else {
      out->unknown = ToC(key);
    }
  }
}

v8::Local<v8::FixedArray> AssertionsOf(v8::Local<v8::ModuleRequest> request) {
#if V8_MAJOR_VERSION > 11
  return request->GetImportAttributes();
#else
  return request->GetImportAssertions();
#endif
}

// In the list of a request each assertion has its place besides.
constexpr int kRequestStride = 3;
constexpr int kImportStride = 2;

v8::Local<v8::ModuleRequest> RequestAt(CleatEngine* engine, v8::Local<v8::Module> module, size_t index) {
  return module->GetModuleRequests()->Get(ContextOf(engine), static_cast<int>(index)).As<v8::ModuleRequest>();
}

bool SameString(CleatValue* a, CleatValue* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return FromC<v8::String>(a)->StringEquals(FromC<v8::String>(b));
}

// V8 does not say which of the requests it means.
v8::MaybeLocal<v8::Module> OnRequest(v8::Local<v8::Context> context, v8::Local<v8::String> specifier,
                                     v8::Local<v8::FixedArray> assertions, v8::Local<v8::Module> referrer) {
  CleatEngine* engine = cleat::EngineOf(context->GetIsolate());
  CleatEngineModule* from = Find(engine, referrer);
  CleatModuleRequest wanted = {ToC(specifier), nullptr, nullptr, 0};
  ReadAssertions(engine, assertions, kRequestStride, &wanted);
  size_t count = cleat__module_request_count(engine, from);
  for (size_t i = 0; i < count; i++) {
    CleatModuleRequest request;
    cleat__module_request(engine, from, i, &request);
    if (SameString(request.specifier, wanted.specifier) && SameString(request.type, wanted.type)) {
      return LocalOf(engine->requested(from->data, i));
    }
  }
  cleat::Throw(engine->isolate, CLEAT_THROW_ERROR, "The module has no such request");
  return {};
}

v8::MaybeLocal<v8::Value> OnEvaluate(v8::Local<v8::Context> context, v8::Local<v8::Module> local) {
  CleatEngineModule* module = Find(cleat::EngineOf(context->GetIsolate()), local);
  if (!module->evaluate(module->data)) return {};
  v8::Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(context).ToLocal(&resolver)) return {};
  if (resolver->Resolve(context, v8::Undefined(context->GetIsolate())).IsNothing()) return {};
  return resolver->GetPromise();
}

v8::MaybeLocal<v8::Promise> RejectedImport(CleatEngine* engine) {
  v8::Local<v8::Context> context = ContextOf(engine);
  v8::Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(context).ToLocal(&resolver)) return {};
  v8::Local<v8::Value> error = v8::Exception::TypeError(cleat::Interned(engine, "There are no modules to import"));
  if (resolver->Reject(context, error).IsNothing()) return {};
  return resolver->GetPromise();
}

v8::MaybeLocal<v8::Promise> OnImport(v8::Local<v8::Context> context, v8::Local<v8::Data>,
                                     v8::Local<v8::Value> resource_name, v8::Local<v8::String> specifier,
                                     v8::Local<v8::FixedArray> assertions) {
  v8::Isolate* isolate = context->GetIsolate();
  CleatEngine* engine = cleat::EngineOf(isolate);
  if (engine->host.import_module == nullptr) return RejectedImport(engine);
  CleatModuleRequest request = {ToC(specifier), nullptr, nullptr, 0};
  ReadAssertions(engine, assertions, kImportStride, &request);
  v8::Local<v8::StackTrace> stack = v8::StackTrace::CurrentStackTrace(isolate, 1, v8::StackTrace::kLineNumber);
  if (stack->GetFrameCount() > 0) {
    request.line = static_cast<uint32_t>(std::max(stack->GetFrame(isolate, 0)->GetLineNumber(), 0));
  }
  v8::Local<v8::Value> referrer = resource_name;
  if (referrer.IsEmpty() || !referrer->IsString()) referrer = v8::String::Empty(isolate);
  CleatValue* promise = engine->host.import_module(engine->host.data, &request, ToC(referrer));
  if (promise == nullptr) return {};
  return FromC<v8::Promise>(promise);
}

void OnImportMeta(v8::Local<v8::Context> context, v8::Local<v8::Module> local, v8::Local<v8::Object> meta) {
  CleatEngine* engine = cleat::EngineOf(context->GetIsolate());
  CleatEngineModule* module = Find(engine, local);
  if (module == nullptr || engine->host.import_meta == nullptr) return;
  engine->host.import_meta(engine->host.data, module->data, ToC(meta));
}

void Unlist(CleatEngineModule* module) {
  auto range = module->engine->modules.equal_range(module->hash);
  for (auto it = range.first; it != range.second; ++it) {
    if (it->second != module) continue;
    module->engine->modules.erase(it);
    return;
  }
}

void OnCollected(const v8::WeakCallbackInfo<CleatEngineModule>& info) {
  CleatEngineModule* module = info.GetParameter();
  module->module.Reset();
  module->collected(module->collected_data);
}

}  // namespace

namespace cleat {

// V8 has them by default never, or, with another keyword, always.
void EnableImportAssertions() {
#if V8_MAJOR_VERSION < 12
  v8::V8::SetFlagsFromString("--harmony-import-assertions");
#endif
}

void WatchModules(CleatEngine* engine) {
  engine->isolate->SetHostImportModuleDynamicallyCallback(OnImport);
  engine->isolate->SetHostInitializeImportMetaObjectCallback(OnImportMeta);
}

}  // namespace cleat

CleatEngineModule* cleat__module_compile(CleatEngine* engine, const char* source, size_t length, const char* name,
                                         uint32_t line, CleatEngineCache* cache, void* data) {
  v8::HandleScope scope(engine->isolate);
  CleatValue* text = cleat__string_wtf8(engine, source, length);
  CleatValue* file = text == nullptr ? nullptr : cleat__string_wtf8(engine, name, strlen(name));
  if (file == nullptr) return nullptr;
  v8::ScriptOrigin origin(engine->isolate, FromC(file), static_cast<int>(line) - 1, 0, false, -1,
                          v8::Local<v8::Value>(), false, false, true);
  v8::ScriptCompiler::Source code(FromC<v8::String>(text), origin, cleat::GivenCache(cache));
  v8::Local<v8::Module> module;
  auto options =
      code.GetCachedData() != nullptr ? v8::ScriptCompiler::kConsumeCodeCache : v8::ScriptCompiler::kNoCompileOptions;
  bool ok = v8::ScriptCompiler::CompileModule(engine->isolate, &code, options).ToLocal(&module);
  cleat::NoteCache(code, cache);
  if (!ok) return nullptr;
  CleatEngineModule* result = Keep(engine, module, nullptr, data);
  result->code.Reset(engine->isolate, module->GetUnboundModuleScript());
  return result;
}

void cleat__module_cache(CleatEngine* engine, CleatEngineModule* module, const CleatEngineCache* cache) {
  v8::HandleScope scope(engine->isolate);
  if (module->code.IsEmpty()) return;
  cleat::TakeCache(v8::ScriptCompiler::CreateCodeCache(module->code.Get(engine->isolate)), cache);
}

CleatEngineModule* cleat__module_synthetic(CleatEngine* engine, const char* name, const char* const* names,
                                           size_t count, bool (*evaluate)(void* data), void* data) {
  v8::HandleScope scope(engine->isolate);
  CleatValue* file = cleat__string_wtf8(engine, name, strlen(name));
  if (file == nullptr) return nullptr;
  std::vector<v8::Local<v8::String>> exports;
  for (size_t i = 0; i < count; i++) exports.push_back(cleat::Interned(engine, names[i]));
  return Keep(engine, v8::Module::CreateSyntheticModule(engine->isolate, FromC<v8::String>(file), exports, OnEvaluate),
              evaluate, data);
}

bool cleat__module_export(CleatEngine* engine, CleatEngineModule* module, const char* name, CleatValue* value) {
  return LocalOf(module)
      ->SetSyntheticModuleExport(engine->isolate, cleat::Interned(engine, name), FromC(value))
      .FromMaybe(false);
}

void cleat__module_free(CleatEngineModule* module) {
  if (module == nullptr) return;
  if (module->engine->abandoned) {
    cleat::Forget(&module->module);
    cleat::Forget(&module->code);
  }
  Unlist(module);
  delete module;
}

void cleat__module_set_weak(CleatEngineModule* module, void (*collected)(void* data), void* data) {
  module->collected = collected;
  module->collected_data = data;
  module->module.SetWeak(module, OnCollected, v8::WeakCallbackType::kParameter);
}

size_t cleat__module_request_count(CleatEngine* engine, CleatEngineModule* module) {
  v8::HandleScope scope(engine->isolate);
  v8::Local<v8::Module> local = LocalOf(module);
  return local->IsSourceTextModule() ? static_cast<size_t>(local->GetModuleRequests()->Length()) : 0;
}

void cleat__module_request(CleatEngine* engine, CleatEngineModule* module, size_t index, CleatModuleRequest* out) {
  v8::Local<v8::Module> local = LocalOf(module);
  v8::Local<v8::ModuleRequest> request = RequestAt(engine, local, index);
  v8::Location location = local->SourceOffsetToLocation(request->GetSourceOffset());
  *out = {ToC(request->GetSpecifier()), nullptr, nullptr, static_cast<uint32_t>(location.GetLineNumber() + 1)};
  ReadAssertions(engine, AssertionsOf(request), kRequestStride, out);
}

bool cleat__module_link(CleatEngine* engine, CleatEngineModule* module,
                        CleatEngineModule* (*requested)(void* data, size_t index)) {
  v8::HandleScope scope(engine->isolate);
  engine->requested = requested;
  return LocalOf(module)->InstantiateModule(ContextOf(engine), OnRequest).FromMaybe(false);
}

CleatModuleState cleat__module_state(CleatEngine* engine, CleatEngineModule* module) {
  v8::HandleScope scope(engine->isolate);
  switch (LocalOf(module)->GetStatus()) {
    case v8::Module::kUninstantiated:
    case v8::Module::kInstantiating:
      return CLEAT_MODULE_UNLINKED;
    case v8::Module::kInstantiated:
      return CLEAT_MODULE_LINKED;
    case v8::Module::kEvaluating:
      return CLEAT_MODULE_EVALUATING;
    case v8::Module::kEvaluated:
      return CLEAT_MODULE_EVALUATED;
    case v8::Module::kErrored:
      break;
  }
  return CLEAT_MODULE_FAILED;
}

CleatValue* cleat__module_evaluate(CleatEngine* engine, CleatEngineModule* module) {
  const cleat::Entering entering(engine);
  // A termination that strikes while V8 prepares modules fails checks of its own.
  if (cleat::Strike(engine)) return nullptr;
  return ToC(LocalOf(module)->Evaluate(ContextOf(engine)));
}

CleatValue* cleat__module_namespace(CleatEngine*, CleatEngineModule* module) {
  return ToC(LocalOf(module)->GetModuleNamespace());
}

CleatValue* cleat__json_parse(CleatEngine* engine, const char* text, size_t length) {
  CleatValue* string = cleat__string_wtf8(engine, text, length);
  if (string == nullptr) return nullptr;
  return ToC(v8::JSON::Parse(ContextOf(engine), FromC<v8::String>(string)));
}
