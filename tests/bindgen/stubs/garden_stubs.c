// Made by bindgen from garden.idl, to be filled in: this file is yours.
#include <stdlib.h>

#include "garden.h"

// What an object of Plant holds.
struct Plant {
  int placeholder;  // for your fields
};

// What an object of Tree holds.
struct Tree {
  Plant base;
  int placeholder;  // for your fields
};

// What an object of Hose holds.
struct Hose {
  int placeholder;  // for your fields
};

// What an object of Greenhouse holds.
struct Greenhouse {
  int placeholder;  // for your fields
};

// [Throws] constructor([CString] DOMString name, optional Size size = {})
//
// Plants a seed of `name`.
Plant* plant_new(CleatEnv* env, const char* name, const Size* size) {
  (void)env;
  (void)name;
  (void)size;
  // NULL makes `new` throw.
  return calloc(1, sizeof(Plant));
}

// readonly attribute DOMString name
CleatString plant_get_name(Plant* self) {
  (void)self;
  return CLEAT_STRING("");
}

// attribute double thirst
//
// How thirsty it is, from 0 to 1.
double plant_get_thirst(Plant* self) {
  (void)self;
  return 0;
}

// attribute double thirst (set)
void plant_set_thirst(Plant* self, double thirst) {
  (void)self;
  (void)thirst;
}

// attribute Health health
Health plant_get_health(Plant* self) {
  (void)self;
  return (Health){0};
}

// attribute Health health (set)
void plant_set_health(Plant* self, Health health) {
  (void)self;
  (void)health;
}

// static attribute long count
int32_t plant_get_count(void) { return 0; }

// static attribute long count (set)
void plant_set_count(int32_t count) { (void)count; }

// [Throws] double water([EnforceRange] octet amount, optional boolean slowly = false)
//
// Gives it water; returns what is left over.
double plant_water(CleatEnv* env, Plant* self, uint8_t amount, bool slowly) {
  (void)env;
  (void)self;
  (void)amount;
  (void)slowly;
  return 0;
}

// undefined watch(Watcher watcher)
void plant_watch(Plant* self, const Watcher* watcher) {
  (void)self;
  (void)watcher;
}

// [CallWith=Env] sequence<Plant> neighbours(Plant? beside, DOMString... names)
PlantSequence plant_neighbours(CleatEnv* env, Plant* self, Plant* beside, CleatStringSequence names) {
  (void)env;
  (void)self;
  (void)beside;
  (void)names;
  return (PlantSequence){0};
}

// Promise<DOMString> bloom()
//
// Resolves when it blooms.
void plant_bloom(Plant* self, CleatStringPromise* promise) {
  (void)self;
  cleat_string_promise_reject(promise, CLEAT_THROW_ERROR, "Plant.bloom is not implemented");
}

// static Plant? find(DOMString name)
Plant* plant_find(CleatString name) {
  (void)name;
  return NULL;
}

// [Capability=axe] undefined fell()
void plant_fell(Plant* self) { (void)self; }

// Frees `self`, once JavaScript has no use for it any more.
void plant_finalize(Plant* self) {
  // Frees what the object owns, then the object.
  free(self);
}

// constructor(DOMString name)
Tree* tree_new(CleatString name) {
  (void)name;
  // NULL makes `new` throw.
  return calloc(1, sizeof(Tree));
}

// readonly attribute unsigned long long rings
uint64_t tree_get_rings(Tree* self) {
  (void)self;
  return 0;
}

// Frees `self`, once JavaScript has no use for it any more.
void tree_finalize(Tree* self) {
  // Frees what the object owns, then the object.
  free(self);
}

// constructor(long length)
Hose* hose_new(int32_t length) {
  (void)length;
  // NULL makes `new` throw.
  return calloc(1, sizeof(Hose));
}

// undefined spray(long minutes)
void hose_spray(Hose* self, int32_t minutes) {
  (void)self;
  (void)minutes;
}

// [Dispose] Promise<undefined> drain()
void hose_drain(Hose* self, CleatUndefinedPromise* promise) {
  (void)self;
  cleat_undefined_promise_reject(promise, CLEAT_THROW_ERROR, "Hose.drain is not implemented");
}

// Frees `self`, once JavaScript has no use for it any more.
void hose_finalize(Hose* self) {
  // Frees what the object owns, then the object.
  free(self);
}

// Returns how many bytes of memory `self` has: asked when it becomes JavaScript's, and by hose_external_memory_changed.
size_t hose_external_memory(const Hose* self) {
  (void)self;
  return 0;
}

// stringifier attribute DOMString label
CleatString greenhouse_get_label(Greenhouse* self) {
  (void)self;
  return CLEAT_STRING("");
}

// stringifier attribute DOMString label (set)
void greenhouse_set_label(Greenhouse* self, CleatString label) {
  (void)self;
  (void)label;
}

// Frees `self`, once JavaScript has no use for it any more.
void greenhouse_finalize(Greenhouse* self) {
  // Frees what the object owns, then the object.
  free(self);
}

// readonly attribute double wetness
double soil_get_wetness(void) { return 0; }

// double acidity(unrestricted double depth)
double soil_acidity(double depth) {
  (void)depth;
  return 0;
}

// [Blocking] Promise<double> analyse(sequence<double> samples)
double soil_analyse(CleatDoubleSequence samples) {
  (void)samples;
  return 0;
}

// attribute long temperature
int32_t garden_get_temperature(void) { return 0; }

// attribute long temperature (set)
void garden_set_temperature(int32_t temperature) { (void)temperature; }

// undefined rain(long minutes, any... details)
void garden_rain(int32_t minutes, CleatValueSequence details) {
  (void)minutes;
  (void)details;
}
