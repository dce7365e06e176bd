// Promises: settled by C, and watched by C.

#include <new>

#include "shim_internal.h"

namespace cleat {

// What waits for one promise. Both of the functions given to the promise hold `holder`, whose death tells that the
// promise will never settle.
struct Reaction {
  Reaction** link;  // what points to this one in the engine's list
  Reaction* next;
  void (*settled)(void* data, bool fulfilled, CleatValue* result);
  void (*dropped)(void* data);
  void* data;
  v8::Global<v8::Value> holder;
};

}  // namespace cleat

namespace {

using cleat::ContextOf;
using cleat::FromC;
using cleat::Reaction;
using cleat::ToC;

// A CleatResolver* is what a Global holds: there is no more to keep of a promise that may be one of very many.
using Resolver = v8::Global<v8::Promise::Resolver>;
static_assert(sizeof(Resolver) == sizeof(CleatResolver*));

v8::Local<v8::Promise::Resolver> Borrow(const CleatResolver* resolver) {
  v8::Local<v8::Promise::Resolver> local;
  memcpy(static_cast<void*>(&local), &resolver, sizeof(local));
  return local;
}

CleatResolver* Release(Resolver global) {
  CleatResolver* resolver;
  memcpy(&resolver, static_cast<void*>(&global), sizeof(resolver));
  cleat::Forget(&global);
  return resolver;
}

void Free(Reaction* reaction) {
  *reaction->link = reaction->next;
  if (reaction->next != nullptr) reaction->next->link = reaction->link;
  delete reaction;
}

// Frees a reaction to a promise that will never settle.
void Drop(Reaction* reaction) {
  auto dropped = reaction->dropped;
  void* data = reaction->data;
  Free(reaction);
  if (dropped != nullptr) dropped(data);
}

void OnForgotten(const v8::WeakCallbackInfo<Reaction>& info) {
  info.GetParameter()->holder.Reset();
  Drop(info.GetParameter());
}

template <bool kFulfilled>
void OnSettled(const cleat::Call& info) {
  cleat::Visit(info.GetIsolate(), info.Data(), [&](CleatEngine*, void* it) {
    auto* reaction = static_cast<Reaction*>(it);
    auto settled = reaction->settled;
    void* data = reaction->data;
    Free(reaction);
    settled(data, kFulfilled, ToC(info[0]));
  });
}

Reaction* NewReaction(CleatEngine* engine, void (*settled)(void*, bool, CleatValue*), void (*dropped)(void*),
                      void* data) {
  auto* reaction = new (std::nothrow) Reaction{&engine->reactions, engine->reactions, settled, dropped, data, {}};
  if (reaction == nullptr) {
    cleat::Throw(engine->isolate, CLEAT_THROW_RANGE_ERROR, "out of memory");
    return nullptr;
  }
  if (reaction->next != nullptr) reaction->next->link = &reaction->next;
  engine->reactions = reaction;
  return reaction;
}

}  // namespace

namespace cleat {

void FreeReactions(CleatEngine* engine) {
  while (engine->reactions != nullptr) Drop(engine->reactions);
}

}  // namespace cleat

CleatResolver* cleat__resolver(CleatEngine* engine, CleatValue** promise) {
  v8::Local<v8::Promise::Resolver> local;
  if (!v8::Promise::Resolver::New(ContextOf(engine)).ToLocal(&local)) return nullptr;
  *promise = ToC(local->GetPromise());
  return Release(Resolver(engine->isolate, local));
}

// What a `then` that is got throws becomes the rejection; without a catcher V8 would call it uncaught as well. Only
// objects are asked for one.
bool cleat__resolve(CleatEngine* engine, CleatResolver* resolver, CleatValue* value) {
  if (!cleat__is_object(value)) return Borrow(resolver)->Resolve(ContextOf(engine), FromC(value)).FromMaybe(false);
  const cleat::Entering entering(engine);
  v8::HandleScope scope(engine->isolate);
  v8::TryCatch catcher(engine->isolate);
  // What runs may give it back.
  auto local = v8::Local<v8::Promise::Resolver>::New(engine->isolate, Borrow(resolver));
  if (local->Resolve(ContextOf(engine), FromC(value)).FromMaybe(false)) return true;
  if (catcher.HasTerminated()) cleat::KeepTermination(engine);
  return false;
}

bool cleat__reject(CleatEngine* engine, CleatResolver* resolver, CleatValue* reason) {
  v8::HandleScope scope(engine->isolate);
  auto local = v8::Local<v8::Promise::Resolver>::New(engine->isolate, Borrow(resolver));
  return local->Reject(ContextOf(engine), FromC(reason)).FromMaybe(false);
}

void cleat__resolver_free(CleatEngine* engine, CleatResolver* resolver) {
  if (resolver == nullptr || engine->abandoned) return;
  Resolver global;
  memcpy(static_cast<void*>(&global), &resolver, sizeof(resolver));
}

bool cleat__promise_then(CleatEngine* engine, CleatValue* promise,
                         void (*settled)(void* data, bool fulfilled, CleatValue* result), void* data) {
  return cleat__promise_watch(engine, promise, settled, nullptr, data);
}

bool cleat__promise_watch(CleatEngine* engine, CleatValue* promise,
                          void (*settled)(void* data, bool fulfilled, CleatValue* result), void (*dropped)(void* data),
                          void* data) {
  const cleat::Entering entering(engine);
  v8::Isolate* isolate = engine->isolate;
  v8::HandleScope scope(isolate);
  v8::Local<v8::Context> context = ContextOf(engine);
  Reaction* reaction = NewReaction(engine, settled, dropped, data);
  if (reaction == nullptr) return false;
  v8::Local<v8::Value> holder = cleat::NewOrigin(engine, reaction);
  v8::Local<v8::Function> fulfilled;
  v8::Local<v8::Function> rejected;
  if (v8::Function::New(context, OnSettled<true>, holder, 1).ToLocal(&fulfilled) &&
      v8::Function::New(context, OnSettled<false>, holder, 1).ToLocal(&rejected) &&
      !FromC<v8::Promise>(promise)->Then(context, fulfilled, rejected).IsEmpty()) {
    cleat::NoteFunction(engine, fulfilled, "", OnSettled<true>, reaction);
    cleat::NoteFunction(engine, rejected, "", OnSettled<false>, reaction);
    reaction->holder.Reset(isolate, holder);
    reaction->holder.SetWeak(reaction, OnForgotten, v8::WeakCallbackType::kParameter);
    return true;
  }
  Free(reaction);
  return false;
}

int cleat__promise_state(CleatValue* promise) {
  switch (FromC<v8::Promise>(promise)->State()) {
    case v8::Promise::kPending:
      return 0;
    case v8::Promise::kFulfilled:
      return 1;
    case v8::Promise::kRejected:
      break;
  }
  return 2;
}

CleatValue* cleat__promise_result(CleatEngine* engine, CleatValue* promise) {
  if (cleat__promise_state(promise) == 0) return cleat__undefined(engine);
  return ToC(FromC<v8::Promise>(promise)->Result());
}

void cleat__promise_mark_handled(CleatValue* promise) { FromC<v8::Promise>(promise)->MarkAsHandled(); }
