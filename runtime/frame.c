// The memory of a call: a frame gives out its own space first, then blocks of the heap.
#include <stdlib.h>

#include "cleat/bind.h"
#include "env.h"

enum {
  ALIGNMENT = 16,
  FIRST_BLOCK = 992,       // bytes: with its header what malloc has at hand
  LARGEST_STEP = 1 << 20,  // where doubling ends, and counting begins
};

typedef struct Block {
  struct Block* next;
  size_t used;
  size_t size;          // of `space`
  CleatEngine* engine;  // that counts it as external memory; NULL for none
  char space[] __attribute__((aligned(ALIGNMENT)));
} Block;

static size_t next_block_size(const Block* last, size_t wanted) {
  size_t size = last == NULL ? FIRST_BLOCK : last->size * 2;
  if (size > LARGEST_STEP) size = LARGEST_STEP;
  return size < wanted ? wanted : size;
}

static void* allocate_block(CleatFrame* frame, size_t size) {
  size_t capacity = next_block_size(frame->blocks, size);
  if (capacity > SIZE_MAX - sizeof(Block)) return NULL;
  CleatEngine* engine = NULL;
  if (capacity >= LARGEST_STEP && !cleat__call_memory_take(capacity, &engine)) return NULL;
  Block* block = malloc(sizeof(Block) + capacity);
  if (block == NULL) {
    if (engine != NULL) cleat__call_memory_give(engine, capacity);
    return NULL;
  }
  block->engine = engine;
  block->next = frame->blocks;
  block->used = size;
  block->size = capacity;
  frame->blocks = block;
  return block->space;
}

void* cleat_frame_allocate(CleatFrame* frame, size_t size) {
  if (size > SIZE_MAX - ALIGNMENT) return NULL;
  size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
  if (size <= sizeof(frame->space) - frame->used) {
    void* result = frame->space + frame->used;
    frame->used += size;
    return result;
  }
  Block* block = frame->blocks;
  if (block == NULL || size > block->size - block->used) return allocate_block(frame, size);
  void* result = block->space + block->used;
  block->used += size;
  return result;
}

void cleat__frame_give_back(CleatFrame* frame, void* last) {
  char* memory = last;
  if (memory >= frame->space && memory < frame->space + sizeof(frame->space)) {
    frame->used = (size_t)(memory - frame->space);
  } else {
    Block* block = frame->blocks;
    block->used = (size_t)(memory - block->space);
  }
}

void cleat__frame_enter(CleatEnv* env, CleatFrame* frame) {
  if (frame->env != NULL) return;  // it is the current one already
  frame->env = env;
  frame->outer = env->frame;
  env->frame = frame;
}

CleatEnv* cleat_enter(CleatCall* call, CleatFrame* frame) {
  CleatEnv* env = cleat__call_host(call);
  env->pending = false;
  cleat__frame_enter(env, frame);
  return env;
}

void cleat_frame_free(CleatFrame* frame) {
  if (frame->env != NULL) frame->env->frame = frame->outer;
  Block* block = frame->blocks;
  while (block != NULL) {
    Block* next = block->next;
    if (block->engine != NULL) cleat__call_memory_give(block->engine, block->size);
    free(block);
    block = next;
  }
  frame->blocks = NULL;
  frame->env = NULL;
}
