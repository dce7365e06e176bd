// Classic scripts, and the code caches of these and of modules.

#include <memory>

#include "shim_internal.h"

namespace cleat {

v8::ScriptCompiler::CachedData* GivenCache(const CleatEngineCache* cache) {
  if (cache == nullptr || cache->given == nullptr) return nullptr;
  return new v8::ScriptCompiler::CachedData(cache->given, static_cast<int>(cache->given_length));
}

void NoteCache(const v8::ScriptCompiler::Source& source, CleatEngineCache* cache) {
  if (source.GetCachedData() != nullptr) cache->rejected = source.GetCachedData()->rejected;
}

void TakeCache(v8::ScriptCompiler::CachedData* made, const CleatEngineCache* cache) {
  std::unique_ptr<v8::ScriptCompiler::CachedData> owned(made);
  if (made != nullptr) cache->take(cache->data, made->data, static_cast<size_t>(made->length));
}

}  // namespace cleat

uint32_t cleat__cache_tag(void) { return v8::ScriptCompiler::CachedDataVersionTag(); }

CleatValue* cleat__run_script(CleatEngine* engine, const char* source, size_t length, const char* name, uint32_t line,
                              bool* compiled) {
  return cleat__run_script_cached(engine, source, length, name, line, compiled, nullptr);
}

CleatValue* cleat__run_script_cached(CleatEngine* engine, const char* source, size_t length, const char* name,
                                     uint32_t line, bool* compiled, CleatEngineCache* cache) {
  const cleat::Entering entering(engine);
  v8::EscapableHandleScope scope(engine->isolate);
  v8::Local<v8::Context> context = cleat::ContextOf(engine);
  if (compiled != nullptr) *compiled = false;
  CleatValue* text = cleat__string_wtf8(engine, source, length);
  CleatValue* file = text == nullptr ? nullptr : cleat__string_wtf8(engine, name, strlen(name));
  if (file == nullptr) return nullptr;
  v8::ScriptOrigin origin(engine->isolate, cleat::FromC(file), static_cast<int>(line) - 1);
  v8::ScriptCompiler::Source code(cleat::FromC<v8::String>(text), origin, cleat::GivenCache(cache));
  v8::Local<v8::Script> script;
  v8::Local<v8::Value> result;
  auto options =
      code.GetCachedData() != nullptr ? v8::ScriptCompiler::kConsumeCodeCache : v8::ScriptCompiler::kNoCompileOptions;
  bool ok = v8::ScriptCompiler::Compile(context, &code, options).ToLocal(&script);
  cleat::NoteCache(code, cache);
  if (!ok) return nullptr;
  if (compiled != nullptr) *compiled = true;
  if (!script->Run(context).ToLocal(&result)) return nullptr;
  if (cache != nullptr && cache->take != nullptr) {
    cleat::TakeCache(v8::ScriptCompiler::CreateCodeCache(script->GetUnboundScript()), cache);
  }
  return cleat::ToC(scope.Escape(result));
}
