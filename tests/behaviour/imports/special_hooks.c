// The hooks of special.idl.
#include <stdlib.h>

#include "../base.h"
#include "special.h"

struct Special {
  Base base;
  int32_t extra;
  Base* pair[2];
};

Special* special_new(int32_t x, int32_t extra) {
  Special* self = calloc(1, sizeof(Special));
  self->base.x = x;
  self->extra = extra;
  return self;
}
void special_finalize(Special* self) { free(self); }
int32_t special_get_extra(Special* self) { return self->extra; }
void special_set_y(Special* self, int32_t y) { self->base.y = -y; }

Base* special_back(Special* self, Base* base) {
  (void)self;
  return base;
}

PartOrString special_either(Special* self, const PartOrString* value) {
  (void)self;
  return *value;
}

BaseSequence special_pair(Special* self, Base* other) {
  self->pair[0] = &self->base;
  self->pair[1] = other;
  return (BaseSequence){self->pair, 2};
}

void special_ticket(CleatEnv* env, Special* self, Ticket* ticket, TicketPromise* promise) {
  (void)self;
  ticket_promise_resolve(env, promise, ticket);
}
