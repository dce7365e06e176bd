// An addon for Node.js whose tasks throw: see ../node_host.js.
#include "host_test.h"
#include "node_host.h"

NODE_MODULE_INIT() {
  static_cast<void>(exports);
  static_cast<void>(module);
  static const CleatBindings* bindings[] = {&host_test_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 1;
  OpenInNode(context, options);
}
