// Node.js as the host of an attached runtime: turns run in its loop, tasks in its callback scopes, and the runtime
// closes with its environment. Nothing here knows of this sample: copy it into an addon of your own.
#ifndef NODE_HOST_H_
#define NODE_HOST_H_

#include <cleat/attach.h>
#include <node.h>

// Opens a runtime in an environment of Node's, with its context entered, as an addon's initialiser has it: one for each
// thread that loads the addon. What JavaScript throws in a task of Cleat's, and nobody catches, becomes an
// 'uncaughtException' of Node's, an Error with its name, message and text, where `options` has no `uncaught`;
// `options.data` must be NULL then. Promises that it rejects are Node's own affair. The runtime is
// borrowed: it is closed and released when the environment ends. Where it cannot be opened, NULL, and an exception is
// thrown.
CleatRuntime* OpenInNode(v8::Local<v8::Context> context, const CleatOptions& options);

#endif  // NODE_HOST_H_
