// ES modules: what scripts may import. Nothing, unless the options of the runtime say so. base.h has the general rules.
//
// What a script writes, `import { a } from "SPECIFIER"` or import("SPECIFIER"), becomes a module in three steps:
//
// 1. The specifier is resolved to a name. `resolve` of the options is asked first. Where it does not answer, or is
// NULL,
//    one that begins with "./", "../" or "/" is taken as a path beside the importing script's name ("./b.js" in
//    "lib/a.js" is "lib/b.js", in "app:lib/a.js" is "app:lib/b.js"), and any other is the name itself.
// 2. A module of that name and type which has been loaded is taken: each is evaluated once, and is the same for all
// that
//    import it. What could not be loaded, compiled or linked is not remembered: the next import tries again. What threw
//    when it was evaluated throws the same again, as ECMAScript has it; only what was terminated is loaded anew. The
//    promise of an import() whose module was terminated never settles, as nothing goes on that was; who has
//    cleat_import or cleat_eval wait for it is told of the termination.
// 3. Otherwise it is one of `modules` of the options, or `load` is asked for its source.
//
// Errors of these steps are TypeErrors, or the SyntaxErrors of V8, whose message ends with the chain of importers:
// "(imported by lib/a.js:3, main.js:1)". What modules throw is left as it is. `import.meta.url` is the module's name.
#ifndef CLEAT_MODULE_H_
#define CLEAT_MODULE_H_

#include "base.h"
#include "cache.h"

#ifdef __cplusplus
extern "C" {
#endif

// A module that a program brings along: exactly one of `source` and `bindings` is not NULL. All of it is static.
typedef struct CleatModule {
  const char* name;    // what specifiers are resolved to, as "host:app" or "lib/a.js"
  const char* source;  // UTF-8
  size_t length;       // of `source` in bytes; 0 when it ends with a NUL
  bool json;           // `source` is JSON: the default export is its value, and imports must say that type

  // A set of bindings, whose globals are what it exports, instead of being globals: interfaces, namespaces, functions
  // and constants by their names, and as default export an object that has them all. They are made when the module is
  // first evaluated; the members of interfaces and namespaces, and all that only the object is asked for, when they are
  // first used. Attributes of the global scope are accessors of the object only: an export is a value and not a getter.
  // What needs a capability that the runtime was not granted is not exported.
  const CleatBindings* bindings;
} CleatModule;

// What is imported, and by whom. It lives for the length of the call that is given it.
typedef struct CleatImport {
  CleatString specifier;  // for `resolve` as the script has it, for `load` the name that it was resolved to
  CleatString importer;   // the name of the script or module that imports it; {NULL, 0} for cleat_import without one
  uint32_t line;          // where that does so; 0 where it is not known
  bool json;              // with { type: "json" }: what is loaded is taken for JSON
} CleatImport;

// RESOLVING: CleatOptions.resolve is called, on the JavaScript thread, with one of these, which it may answer.
typedef struct CleatResolve CleatResolve;

// Answers that the specifier stands for the module `name`, which is copied. The last answer counts.
CLEAT_EXPORT void cleat_resolve_to(CleatResolve* resolve, const char* name);

// Answers that it may not be imported, with the reason as by printf.
CLEAT_EXPORT void cleat_resolve_fail(CleatResolve* resolve, const char* format, ...) CLEAT_PRINTF(2, 3);

// LOADING: CleatOptions.load is called, on the JavaScript thread, with one of these, which is to be answered exactly
// once: then or later, from any thread, also after the runtime has closed, when the answer goes nowhere. Answering
// frees it. One that is never answered keeps who waits for it until their time limit or until closing, and the memory
// for ever. Those that import the same module meanwhile wait for the same answer.
typedef struct CleatLoad CleatLoad;

// Answers with the source: `length` bytes of UTF-8, which are copied.
CLEAT_EXPORT void cleat_load_answer(CleatLoad* load, const char* source, size_t length);

// The same, with a code cache of the source that was made before, copied too; NULL for none. What became of it
// cleat_module_code_cache says.
CLEAT_EXPORT void cleat_load_answer_cached(CleatLoad* load, const char* source, size_t length, const void* cache,
                                           size_t cache_length);

// Stores in `cache->use` what became of the code cache that the module `name` was loaded with, and, where
// `cache->create` is true, makes a new one, with the functions that have run by now. False for what is no loaded module
// of JavaScript. [-]
CLEAT_EXPORT bool cleat_module_code_cache(CleatEnv* env, const char* name, CleatCodeCache* cache);

// Answers that there is no such module, or none that may be loaded, with the reason as by printf.
CLEAT_EXPORT void cleat_load_fail(CleatLoad* load, const char* format, ...) CLEAT_PRINTF(2, 3);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_MODULE_H_
