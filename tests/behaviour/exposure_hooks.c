// The hooks of exposure.idl: that this links shows that there are no others.
#include <stdbool.h>
#include <stdlib.h>

#include "exposure.h"

struct WorkerBase {
  int32_t number;
};
struct WorkerThing {
  WorkerBase base;
};
struct PageThing {
  WorkerThing* thing;
  bool given;  // to JavaScript, whose it is then
};
struct HalfThing {
  int unused;
};
struct OfWorkerSpace {
  int32_t number;
};

void worker_base_finalize(WorkerBase* self) { free(self); }
void worker_thing_finalize(WorkerThing* self) { free(self); }

PageThing* page_thing_new(void) {
  PageThing* self = calloc(1, sizeof(PageThing));
  self->thing = calloc(1, sizeof(WorkerThing));
  self->thing->base.number = 7;
  return self;
}
void page_thing_finalize(PageThing* self) {
  if (!self->given) free(self->thing);
  free(self);
}
int32_t page_thing_get_number(PageThing* self) { return self->thing->base.number; }
WorkerThing* page_thing_get_thing(PageThing* self) {
  self->given = true;
  return self->thing;
}
int32_t page_thing_take(PageThing* self, WorkerThing* thing) {
  (void)self;
  return thing->base.number;
}
void page_thing_of_page_part(PageThing* self) { (void)self; }
void page_thing_mixed_in(PageThing* self) { (void)self; }

void half_thing_finalize(HalfThing* self) { free(self); }

OfWorkerSpace* exposure_get_of_worker_space(void) {
  OfWorkerSpace* self = calloc(1, sizeof(OfWorkerSpace));
  self->number = 8;
  return self;
}
int32_t of_worker_space_get_number(OfWorkerSpace* self) { return self->number; }
void of_worker_space_finalize(OfWorkerSpace* self) { free(self); }

void page_space_start(void) {}
void exposure_in_pages_only(void) {}
void exposure_call_worker_listener(CleatEnv* env, const WorkerListener* listener) {
  worker_listener_call(env, listener, 9);
}

struct Roll {
  int unused;
};
Roll* roll_new(void) { return calloc(1, sizeof(Roll)); }
void roll_finalize(Roll* self) { free(self); }
uint32_t roll_get_length(Roll* self) { return 2 + (uint32_t)self->unused; }
int32_t roll_get_at(Roll* self, uint32_t index) { return (int32_t)index + 5 + self->unused; }

struct Safe {
  int32_t secret;
};
struct OpenSafe {
  Safe base;
};
void safe_finalize(Safe* self) { free(self); }
OpenSafe* open_safe_new(void) { return calloc(1, sizeof(OpenSafe)); }
void open_safe_finalize(OpenSafe* self) { free(self); }
int32_t open_safe_get_secret(OpenSafe* self) { return self->base.secret; }
void open_safe_set_secret(OpenSafe* self, int32_t secret) { self->base.secret = secret; }
