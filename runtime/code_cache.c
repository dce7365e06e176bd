// Code caches: V8's own data behind a header that says what they are of. V8 looks at versions itself, but at the length
// of a source only, and not at whether the data is whole.
#include "code_cache.h"

#include <stdlib.h>
#include <string.h>

// In the byte order of the machine, which is the only one that can use it.
typedef struct Header {
  char mark[8];
  uint32_t kind;
  uint32_t engine;   // V8's tag of its version, its flags and the processor
  uint64_t version;  // of Cleat and V8
  uint64_t source;
  uint64_t source_length;
  uint64_t data;
  uint64_t data_length;
} Header;

static const char kMark[8] = "cleat-1";

// FNV-1a, over words of eight bytes.
static uint64_t hash(const void* data, size_t length) {
  const unsigned char* at = data;
  uint64_t result = 14695981039346656037u ^ length;
  for (; length >= 8; length -= 8, at += 8) {
    uint64_t word;
    memcpy(&word, at, 8);
    result = (result ^ word) * 1099511628211u;
    result ^= result >> 29;
  }
  for (; length > 0; length--, at++) result = (result ^ *at) * 1099511628211u;
  return result ^ result >> 32;
}

static uint64_t version_hash(void) {
  return hash(cleat_version(), strlen(cleat_version())) * 31 +
         hash(cleat_engine_version(), strlen(cleat_engine_version()));
}

static Header header_of(const CleatCaching* caching, const void* data, size_t data_length) {
  Header header = {
      .kind = caching->of.module,
      .engine = cleat__cache_tag(),
      .version = version_hash(),
      .source = caching->of.hash,
      .source_length = caching->of.length,
      .data = hash(data, data_length),
      .data_length = data_length,
  };
  memcpy(header.mark, kMark, sizeof(kMark));
  return header;
}

static CleatCacheUse compare(const Header* found, const Header* wanted) {
  if (memcmp(found->mark, wanted->mark, sizeof(kMark)) != 0) return CLEAT_CACHE_DAMAGED;
  if (found->data_length != wanted->data_length || found->data != wanted->data) return CLEAT_CACHE_DAMAGED;
  if (found->engine != wanted->engine || found->version != wanted->version) return CLEAT_CACHE_OTHER_VERSION;
  bool same = found->kind == wanted->kind && found->source == wanted->source;
  return same && found->source_length == wanted->source_length ? CLEAT_CACHE_TAKEN : CLEAT_CACHE_OTHER_SOURCE;
}

CleatCached cleat__cached(const char* source, size_t length, bool module) {
  return (CleatCached){hash(source, length), length, module};
}

static void look_at_given(CleatCaching* caching) {
  CleatCodeCache* cache = caching->cache;
  Header found;
  cache->use = CLEAT_CACHE_DAMAGED;
  if (cache->length < sizeof(found)) return;
  memcpy(&found, cache->data, sizeof(found));
  const uint8_t* data = (const uint8_t*)cache->data + sizeof(found);
  size_t length = cache->length - sizeof(found);
  Header wanted = header_of(caching, data, length);
  cache->use = compare(&found, &wanted);
  if (cache->use != CLEAT_CACHE_TAKEN) return;
  caching->engine.given = data;
  caching->engine.given_length = length;
}

static void take(void* data, const uint8_t* bytes, size_t length) {
  CleatCaching* caching = data;
  Header header = header_of(caching, bytes, length);
  uint8_t* made = malloc(sizeof(header) + length);
  if (made == NULL) return;
  memcpy(made, &header, sizeof(header));
  memcpy(made + sizeof(header), bytes, length);
  caching->cache->made = made;
  caching->cache->made_length = sizeof(header) + length;
}

CleatEngineCache* cleat__caching_begin(CleatCaching* caching, CleatCodeCache* cache, const CleatCached* of) {
  *caching = (CleatCaching){.cache = cache, .of = *of};
  if (cache == NULL) return NULL;
  cache->use = CLEAT_CACHE_NONE;
  cache->made = NULL;
  cache->made_length = 0;
  if (cache->data != NULL) look_at_given(caching);
  if (cache->create) caching->engine.take = take;
  caching->engine.data = caching;
  return &caching->engine;
}

void cleat__caching_end(CleatCaching* caching, bool compiled) {
  CleatCodeCache* cache = caching->cache;
  if (cache == NULL || cache->use != CLEAT_CACHE_TAKEN) return;
  if (!compiled) cache->use = CLEAT_CACHE_NONE;
  if (caching->engine.rejected) cache->use = CLEAT_CACHE_REFUSED;
}

void cleat_code_cache_free(CleatCodeCache* cache) {
  if (cache == NULL) return;
  free(cache->made);
  cache->made = NULL;
  cache->made_length = 0;
}
