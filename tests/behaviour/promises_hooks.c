// The hooks of promises.idl.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "cleat/cleat.h"
#include "members.h"

struct Ticket {
  int32_t number;
};

// Blocking functions make tickets on other threads.
static atomic_int left;

Ticket* ticket_new(int32_t number) {
  Ticket* self = malloc(sizeof(Ticket));
  self->number = number;
  atomic_fetch_add(&left, 1);
  return self;
}

void ticket_finalize(Ticket* self) {
  atomic_fetch_sub(&left, 1);
  free(self);
}

int32_t ticket_get_number(Ticket* self) { return self->number; }
int32_t ticket_get_left(void) { return atomic_load(&left); }

// On the JavaScript thread a promise is resolved by a task of its own here, as by an event.
typedef struct Later {
  Ticket* self;  // until the runtime closes, as long as the promise is not settled
  int32_t number;
  TicketPromise* promise;
} Later;

static void give_itself(CleatEnv* env, void* data) {
  Later* later = data;
  ticket_promise_resolve(env, later->promise, later->self);
  free(later);
}

static void give_nothing(void* data) {
  Later* later = data;
  ticket_promise_reject(later->promise, CLEAT_THROW_ERROR, "gone");
  free(later);
}

void ticket_itself(CleatEnv* env, Ticket* self, TicketPromise* promise) {
  Later* later = malloc(sizeof(Later));
  *later = (Later){self, self->number, promise};
  if (!cleat_dispatch(cleat_runtime(env), give_itself, later, give_nothing)) give_nothing(later);
}

static void* make_next(void* data) {
  Later* later = data;
  ticket_promise_resolve_new(later->promise, ticket_new((int32_t)((uint32_t)later->number + 1)));
  free(later);
  return NULL;
}

void ticket_next(Ticket* self, TicketPromise* promise) {
  Later* later = malloc(sizeof(Later));
  *later = (Later){self, self->number, promise};
  pthread_t thread;
  pthread_create(&thread, NULL, make_next, later);
  pthread_detach(thread);
}

void ticket_next_below(Ticket* self, int32_t limit, NullableTicketPromise* promise) {
  Ticket* next = self->number < limit - 1LL ? ticket_new(self->number + 1) : NULL;
  nullable_ticket_promise_resolve_new(promise, next);
}

void ticket_none(Ticket* self, TicketPromise* promise) {
  (void)self;
  ticket_promise_resolve_new(promise, NULL);
}

void ticket_echo(CleatEnv* env, Ticket* self, CleatValue* value, CleatValuePromise* promise) {
  (void)self;
  cleat_value_promise_resolve(env, promise, value);
}

void ticket_echo_and_throw(CleatEnv* env, Ticket* self, CleatValue* value, CleatValuePromise* promise) {
  (void)self;
  (void)promise;
  cleat_throw_value(env, value);
}

void ticket_several(CleatEnv* env, Ticket* self, int32_t count, TicketSequencePromise* promise) {
  if (count < 0 || count > 100) {
    cleat_throw_range(env, "%d is no number of tickets", count);
    return;
  }
  Ticket** tickets = calloc((size_t)count + 1, sizeof(Ticket*));
  for (int32_t i = 0; i < count; i++)
    tickets[i] = i == 0 ? self : ticket_new((int32_t)((uint32_t)self->number + (uint32_t)i));
  ticket_sequence_promise_resolve(env, promise, (TicketSequence){tickets, (size_t)count});
  free(tickets);
}

void ticket_described(CleatEnv* env, Ticket* self, CleatValue* value, MembersValueRecordPromise* promise) {
  (void)self;
  CleatValueRecordEntry entries[] = {{CLEAT_STRING("one"), value}, {CLEAT_STRING("other"), cleat_object(env)}};
  members_value_record_promise_resolve(env, promise, (CleatValueRecord){entries, 2});
}

void ticket_listener(CleatEnv* env, Ticket* self, const TicketListener* listener, TicketListenerPromise* promise) {
  ticket_listener_call(env, listener, self);
  ticket_listener_promise_resolve(env, promise, listener);
}

// What it is resolved with is copied: all of it is gone before a script can look.
void ticket_info(Ticket* self, CleatString owner, NullableTicketInfoPromise* promise) {
  TicketInfo info = {.owner = owner, .has_number = true, .number = self->number};
  nullable_ticket_info_promise_resolve(promise, owner.data == NULL ? NULL : &info);
}

Ticket* ticket_print(int32_t number) { return ticket_new(number); }

Ticket* ticket_print_below(CleatThrower* thrower, int32_t number, int32_t limit) {
  if (number < 0) cleat_thrower_throw(thrower, CLEAT_THROW_RANGE_ERROR, "%d is no number of a ticket", number);
  return number >= 0 && number < limit ? ticket_new(number) : NULL;
}
