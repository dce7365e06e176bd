// The modules of an environment: records by their names, sets of them, and the chains of who imported what.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module.h"

// IMPORTERS

// How many of a chain are named.
enum { MOST_NAMED = 8 };

CleatImporter* cleat__importer_new(const char* name, uint32_t line, CleatImporter* outer) {
  size_t size = strlen(name) + sizeof(":4294967295");
  CleatImporter* importer = malloc(sizeof(CleatImporter) + size);
  if (importer == NULL) return NULL;
  importer->references = 1;
  importer->outer = cleat__importer_keep(outer);
  if (line != 0) {
    snprintf(importer->place, size, "%s:%u", name, line);
  } else {
    snprintf(importer->place, size, "%s", name);
  }
  return importer;
}

CleatImporter* cleat__importer_keep(CleatImporter* importer) {
  if (importer != NULL) importer->references++;
  return importer;
}

void cleat__importer_release(CleatImporter* importer) {
  while (importer != NULL && --importer->references == 0) {
    CleatImporter* outer = importer->outer;
    free(importer);
    importer = outer;
  }
}

char* cleat__importer_text(const CleatImporter* importer) {
  char* text = NULL;
  size_t length;
  FILE* out = open_memstream(&text, &length);
  if (out == NULL) return NULL;
  int named = 0;
  for (const CleatImporter* it = importer; it != NULL && named <= MOST_NAMED; it = it->outer, named++) {
    fputs(named == 0 ? " (imported by " : ", ", out);
    fputs(named == MOST_NAMED ? "..." : it->place, out);
  }
  if (importer != NULL) fputc(')', out);
  if (fclose(out) == 0) return text;
  free(text);
  return NULL;
}

// THE MAP

static size_t hash_of(const char* name, bool json) {
  uint64_t hash = 14695981039346656037u + json;  // FNV-1a
  for (const char* at = name; *at != 0; at++) hash = (hash ^ (unsigned char)*at) * 1099511628211u;
  return (size_t)(hash ^ hash >> 32);
}

static CleatRecord** bucket_of(CleatModules* modules, const char* name, bool json) {
  return &modules->buckets[hash_of(name, json) & (modules->bucket_count - 1)];
}

static void put(CleatModules* modules, CleatRecord* record) {
  CleatRecord** bucket = bucket_of(modules, record->name, record->json);
  record->next = *bucket;
  *bucket = record;
}

static bool grow(CleatModules* modules) {
  if (modules->record_count < modules->bucket_count) return true;
  size_t old_count = modules->bucket_count;
  size_t count = old_count == 0 ? 16 : old_count * 2;
  CleatRecord** old = modules->buckets;
  CleatRecord** buckets = calloc(count, sizeof(CleatRecord*));
  if (buckets == NULL) return false;
  modules->buckets = buckets;
  modules->bucket_count = count;
  for (size_t i = 0; i < old_count; i++) {
    while (old[i] != NULL) {
      CleatRecord* record = old[i];
      old[i] = record->next;
      put(modules, record);
    }
  }
  free(old);
  return true;
}

CleatRecord* cleat__record_find(CleatModules* modules, const char* name, bool json) {
  if (modules->bucket_count == 0) return NULL;
  CleatRecord* record = *bucket_of(modules, name, json);
  while (record != NULL && (record->json != json || strcmp(record->name, name) != 0)) record = record->next;
  return record;
}

CleatRecord* cleat__record_new(CleatModules* modules, const char* name, bool json, bool anonymous,
                               CleatImporter* importer) {
  cleat__records_purge(modules);
  CleatRecord* record = calloc(1, sizeof(CleatRecord));
  char* copy = strdup(name);
  if (record == NULL || copy == NULL || (!anonymous && !grow(modules))) {
    free(record);
    free(copy);
    cleat_throw_range(modules->env, "out of memory");
    return NULL;
  }
  *record = (CleatRecord){
      .modules = modules,
      .references = 1,
      .name = copy,
      .json = json,
      .anonymous = anonymous,
      .importer = cleat__importer_keep(importer),
  };
  if (anonymous) {
    record->next = modules->anonymous;
    record->link = &modules->anonymous;
    if (record->next != NULL) record->next->link = &record->next;
    modules->anonymous = record;
    return record;
  }
  put(modules, record);
  modules->record_count++;
  return record;
}

void cleat__record_keep(CleatRecord* record) { record->references++; }

static void forget_links(CleatRecord* record) {
  CleatRecord** links = record->links;
  size_t count = record->link_count;
  record->links = NULL;
  record->link_count = 0;
  for (size_t i = 0; i < count; i++) {
    if (links[i] != NULL) cleat__record_release(links[i]);
  }
  free(links);
}

static void unlist(CleatRecord* record) {
  if (record->link == NULL) return;
  *record->link = record->next;
  if (record->next != NULL) record->next->link = record->link;
  record->link = NULL;
}

void cleat__record_release(CleatRecord* record) {
  if (--record->references > 0) return;
  unlist(record);
  forget_links(record);
  cleat__importer_release(record->importer);
  cleat__module_free(record->code);
  cleat__handle_free(record->value);
  free(record->waiting);
  free(record->name);
  free(record);
}

void cleat__record_drop(CleatRecord* record) {
  if (record->dropped || record->anonymous) return;
  CleatRecord** at = bucket_of(record->modules, record->name, record->json);
  while (*at != record) at = &(*at)->next;
  *at = record->next;
  record->modules->record_count--;
  record->dropped = true;
  if (record->visits == 0) forget_links(record);
  cleat__record_release(record);
}

// In garbage collection.
static void on_collected(void* data) {
  CleatRecord* record = data;
  record->next_garbage = record->modules->garbage;
  record->modules->garbage = record;
}

void cleat__record_leave(CleatRecord* record) {
  if (record->code == NULL || cleat__is_lost(record->modules->env->runtime)) {
    cleat__record_release(record);
  } else {
    cleat__module_set_weak(record->code, on_collected, record);
  }
}

void cleat__records_purge(CleatModules* modules) {
  while (modules->garbage != NULL) {
    CleatRecord* record = modules->garbage;
    modules->garbage = record->next_garbage;
    cleat__record_release(record);
  }
}

bool cleat__record_set_code(CleatRecord* record, CleatEngineModule* code) {
  CleatEngine* engine = record->modules->env->engine;
  size_t count = cleat__module_request_count(engine, code);
  CleatRecord** links = calloc(count + 1, sizeof(CleatRecord*));
  if (links == NULL) {
    cleat__module_free(code);
    cleat_throw_range(record->modules->env, "out of memory");
    return false;
  }
  record->code = code;
  record->links = links;
  record->link_count = count;
  return true;
}

void cleat__records_close(CleatModules* modules) {
  cleat__records_purge(modules);
  for (size_t i = 0; i < modules->bucket_count; i++) {
    while (modules->buckets[i] != NULL) cleat__record_drop(modules->buckets[i]);
  }
  free(modules->buckets);
  while (modules->anonymous != NULL) {
    CleatRecord* record = modules->anonymous;
    unlist(record);
    cleat__record_release(record);
  }
}

// SETS

static size_t slot_of(const CleatRecordSet* set, const CleatRecord* record) {
  size_t mask = set->slot_count - 1;
  size_t at = (size_t)((uintptr_t)record * UINT64_C(0x9E3779B97F4A7C15) >> 20) & mask;
  while (set->slots[at] != NULL && set->slots[at] != record) at = (at + 1) & mask;
  return at;
}

static bool grow_slots(CleatRecordSet* set) {
  if (set->used * 2 < set->slot_count) return true;
  size_t old_count = set->slot_count;
  CleatRecord** old = set->slots;
  size_t count = old_count == 0 ? 16 : old_count * 2;
  CleatRecord** slots = calloc(count, sizeof(CleatRecord*));
  if (slots == NULL) return false;
  set->slots = slots;
  set->slot_count = count;
  for (size_t i = 0; i < old_count; i++) {
    if (old[i] != NULL) slots[slot_of(set, old[i])] = old[i];
  }
  free(old);
  return true;
}

bool cleat__records_again(CleatRecordSet* set, CleatRecord* record) {
  if (set->count == set->capacity) {
    size_t capacity = set->capacity == 0 ? 16 : set->capacity * 2;
    CleatRecord** list = realloc(set->list, capacity * sizeof(CleatRecord*));
    if (list == NULL) return false;
    set->list = list;
    set->capacity = capacity;
  }
  set->list[set->count++] = record;
  cleat__record_keep(record);
  return true;
}

bool cleat__records_add(CleatRecordSet* set, CleatRecord* record, bool* added) {
  if (!grow_slots(set)) return false;
  size_t at = slot_of(set, record);
  *added = set->slots[at] == NULL;
  if (!*added) return true;
  if (!cleat__records_again(set, record)) return false;
  set->slots[at] = record;
  set->used++;
  record->visits++;
  return true;
}

void cleat__records_free(CleatRecordSet* set) {
  for (size_t i = 0; i < set->slot_count; i++) {
    CleatRecord* record = set->slots[i];
    if (record != NULL && --record->visits == 0 && record->dropped) forget_links(record);
  }
  for (size_t i = 0; i < set->count; i++) cleat__record_release(set->list[i]);
  free(set->list);
  free(set->slots);
  *set = (CleatRecordSet){0};
}
