// A host that notices what is changed of its objects, for bindings that change all that bindings can.
#ifndef CLEAT_TESTS_ATTACHED_LASTING_HOST_H_
#define CLEAT_TESTS_ATTACHED_LASTING_HOST_H_

#include <string>
#include <vector>

#include "foreign_host.h"

class LastingHost : public ForeignHost {
 public:
  LastingHost();

  // Looks at the global object, all that it inherits from, Symbol, and the list of names that `with` leaves out.
  void Look();

  // What has changed since then: "nothing", or the first difference.
  std::string Changed();

  // Attaches with the two sets, `others`, and `script`, if there is one.
  CleatRuntime* AttachLasting(CleatError** error, const char* script = nullptr,
                              const std::vector<const CleatBindings*>& others = {});
};

#endif  // CLEAT_TESTS_ATTACHED_LASTING_HOST_H_
