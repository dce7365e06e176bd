// What a host sees of its own objects.
#include "lasting_host.h"

#include "lasting.h"
#include "lasting_more.h"

namespace {

// Everything is compared by identity. Functions are kept from scripts that replace those of ECMAScript.
const char kLook[] =
    "(({ ownKeys, getOwnPropertyDescriptor, getPrototypeOf }, global, symbols) => {"
    "  const objects = () => {"
    "    const list = [symbols];"
    "    const hidden = getOwnPropertyDescriptor(global, symbols.unscopables);"
    "    if (hidden !== undefined && typeof hidden.value === 'object') list.push(hidden.value);"
    "    for (let it = global; it !== null; it = getPrototypeOf(it)) list.push(it);"
    "    return list;"
    "  };"
    "  const look = () => objects().flatMap((object) => [object, ...ownKeys(object).flatMap((key) => {"
    "    const it = getOwnPropertyDescriptor(object, key);"
    "    return [key, it.value, it.get, it.set, it.writable, it.enumerable, it.configurable];"
    "  })]);"
    "  let before;"
    "  Object.defineProperty(global, 'look', { value: () => { before = look() } });"
    "  Object.defineProperty(global, 'changed', { value: () => {"
    "    const now = look();"
    "    const at = now.findIndex((value, i) => !Object.is(value, before[i]));"
    "    if (at < 0) return before.length === now.length ? 'nothing' : 'less';"
    "    return `${String(before[at])} is ${String(now[at])}, after ${String(now[at - 1])}`;"
    "  } });"
    "})(Reflect, globalThis, Symbol)";

}  // namespace

LastingHost::LastingHost() { Run(kLook); }

void LastingHost::Look() { Run("look()"); }

std::string LastingHost::Changed() { return Run("changed()"); }

CleatRuntime* LastingHost::AttachLasting(CleatError** error, const char* script,
                                         const std::vector<const CleatBindings*>& others) {
  std::vector<const CleatBindings*> bindings{&lasting_bindings, &lasting_more_bindings};
  bindings.insert(bindings.end(), others.begin(), others.end());
  const CleatScript scripts[] = {{"boot.js", script, 0}};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings.data();
  options.binding_count = bindings.size();
  options.scripts = script != nullptr ? scripts : nullptr;
  options.script_count = script != nullptr;
  options.uncaught = [](void*, const CleatError*) {};
  options.leaked = [](void*, CleatString) {};
  return Attach(&options, error);
}
