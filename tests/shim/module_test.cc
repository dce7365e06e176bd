// Modules at the shim: what they ask for, linking, evaluation, synthetic ones, and letting go.
#include <map>

#include "fixture.h"

namespace {

// Modules by their names, each with what its requests stand for.
struct Node {
  CleatEngineModule* code = nullptr;
  std::vector<Node*> links;
};

CleatEngineModule* Requested(void* data, size_t index) { return static_cast<Node*>(data)->links[index]->code; }

class ModuleTest : public ShimTest {
 protected:
  void TearDown() override {
    for (auto& entry : nodes_) cleat__module_free(entry.second.code);
    nodes_.clear();
    ShimTest::TearDown();
  }

  Node* Compile(const std::string& name, const std::string& source, std::vector<Node*> links = {}) {
    Node* node = &nodes_[name];
    node->code = cleat__module_compile(engine, source.data(), source.size(), name.c_str(), 1, nullptr, node);
    node->links = std::move(links);
    return node;
  }

  // Links and evaluates it; returns the state of its promise.
  int Evaluate(Node* node) {
    EXPECT_TRUE(cleat__module_link(engine, node->code, Requested));
    promise_ = cleat__module_evaluate(engine, node->code);
    return promise_ == nullptr ? -1 : cleat__promise_state(promise_);
  }

  std::string Export(Node* node, const char* name) {
    return TextOf(cleat__get(engine, cleat__module_namespace(engine, node->code), Key(name)));
  }

  std::map<std::string, Node> nodes_;
  CleatValue* promise_ = nullptr;
};

TEST_F(ModuleTest, RequestsTellSpecifierTypeAndLine) {
  Node* node = Compile("a.js", "import 'b';\n\nimport c from 'c' assert { type: 'json' };\nexport * from 'b';");
  ASSERT_NE(node->code, nullptr);
  ASSERT_EQ(cleat__module_request_count(engine, node->code), 2u);
  CleatModuleRequest first, second;
  cleat__module_request(engine, node->code, 0, &first);
  cleat__module_request(engine, node->code, 1, &second);
  EXPECT_EQ(TextOf(first.specifier), "b");
  EXPECT_EQ(first.type, nullptr);
  EXPECT_EQ(first.line, 1u);
  EXPECT_EQ(TextOf(second.specifier), "c");
  EXPECT_EQ(TextOf(second.type), "json");
  EXPECT_EQ(second.unknown, nullptr);
  EXPECT_EQ(second.line, 3u);
}

TEST_F(ModuleTest, IsLinkedAndEvaluatedOnce) {
  Node* b = Compile("b.js", "globalThis.runs = (globalThis.runs ?? 0) + 1; export const b = 2");
  Node* a = Compile("a.js", "import { b } from 'b'; export const a = b + 1", {b});
  EXPECT_EQ(cleat__module_state(engine, a->code), CLEAT_MODULE_UNLINKED);
  EXPECT_EQ(Evaluate(a), 1);
  EXPECT_EQ(cleat__module_state(engine, a->code), CLEAT_MODULE_EVALUATED);
  EXPECT_EQ(Export(a, "a"), "3");
  EXPECT_EQ(Evaluate(a), 1);
  EXPECT_EQ(Text("runs"), "1");
}

TEST_F(ModuleTest, RequestsOfOneSpecifierAndTwoTypesDiffer) {
  Node* plain = Compile("plain.js", "export default 'plain'");
  Node* json = Compile("json.js", "export default 'json'");
  Node* a = Compile("a.js", "import p from 'x'; import j from 'x' assert { type: 'json' }; export const a = p + j",
                    {plain, json});
  EXPECT_EQ(Evaluate(a), 1);
  EXPECT_EQ(Export(a, "a"), "plainjson");
}

TEST_F(ModuleTest, MissingExportFailsAtLinking) {
  Node* b = Compile("b.js", "export {}");
  Node* a = Compile("a.js", "import { x } from 'b'", {b});
  Caught caught = Try([&] { EXPECT_FALSE(cleat__module_link(engine, a->code, Requested)); });
  EXPECT_EQ(caught.script, "a.js");
  EXPECT_NE(caught.message.find("does not provide an export named 'x'"), std::string::npos);
  EXPECT_EQ(cleat__module_state(engine, a->code), CLEAT_MODULE_UNLINKED);
}

TEST_F(ModuleTest, ThrownErrorsRejectThePromise) {
  Node* a = Compile("a.js", "throw 5");
  EXPECT_EQ(Evaluate(a), 2);
  EXPECT_EQ(TextOf(cleat__promise_result(engine, promise_)), "5");
  EXPECT_EQ(cleat__module_state(engine, a->code), CLEAT_MODULE_FAILED);
}

struct Synthetic {
  CleatEngine* engine;
  CleatEngineModule* module = nullptr;
  bool throws = false;
};

bool EvaluateSynthetic(void* data) {
  auto* it = static_cast<Synthetic*>(data);
  if (it->throws) {
    cleat__throw(it->engine, cleat__number(it->engine, 7));
    return false;
  }
  return cleat__module_export(it->engine, it->module, "x", cleat__number(it->engine, 1)) &&
         cleat__module_export(it->engine, it->module, "default", cleat__number(it->engine, 2));
}

TEST_F(ModuleTest, SyntheticOnesExportWhatTheyAreGiven) {
  const char* const names[] = {"x", "default"};
  for (bool throws : {false, true}) {
    Synthetic it = {engine};
    it.throws = throws;
    it.module = cleat__module_synthetic(engine, "host:x", names, 2, EvaluateSynthetic, &it);
    Node* x = &nodes_[throws ? "throws" : "x"];
    x->code = it.module;
    EXPECT_EQ(cleat__module_request_count(engine, it.module), 0u);
    Node* a = Compile(throws ? "b.js" : "a.js", "import d, { x } from 'x'; export const sum = d + x", {x});
    if (throws) {
      EXPECT_EQ(Evaluate(a), 2);
      EXPECT_EQ(TextOf(cleat__promise_result(engine, promise_)), "7");
    } else {
      EXPECT_EQ(Evaluate(a), 1);
      EXPECT_EQ(Export(a, "sum"), "3");
    }
  }
}

TEST_F(ModuleTest, WithoutAHostImportIsRejected) {
  Run("import('x').catch((e) => { globalThis.said = e.name })");
  cleat__run_microtasks(engine);
  EXPECT_EQ(Text("said"), "TypeError");
}

TEST_F(ModuleTest, WeakOnesAreCollected) {
  bool collected = false;
  CleatEngineModule* module;
  {
    CleatScope scope;
    cleat__scope_open(engine, &scope);
    module = cleat__module_compile(engine, "export {}", 9, "gone.js", 1, nullptr, nullptr);
    cleat__module_set_weak(
        module, [](void* data) { *static_cast<bool*>(data) = true; }, &collected);
    cleat__scope_close(engine, &scope);
  }
  cleat__collect_garbage(engine);
  EXPECT_TRUE(collected);
  cleat__module_free(module);
}

}  // namespace
