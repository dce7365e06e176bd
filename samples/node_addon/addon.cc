// An addon for Node.js that installs the bindings of samples/packages in the global scope of whoever loads it, the main
// thread or a worker. See run.js.
#include "node_host.h"
#include "packages.h"

NODE_MODULE_INIT() {
  static_cast<void>(exports);
  static_cast<void>(module);
  static const CleatBindings* bindings[] = {&packages_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.name = "packages";
  options.bindings = bindings;
  options.binding_count = 1;
  OpenInNode(context, options);
}
