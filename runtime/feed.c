// Feeds: values that any thread puts into a bounded queue, and that JavaScript takes out of it, as an asynchronous
// iterator.
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "promise.h"
#include "runtime.h"

#define DEFAULT_CAPACITY 16

// A call of `next` that found nothing.
typedef struct Waiting {
  CleatPromise* promise;
  struct Waiting* next;
} Waiting;

struct CleatFeed {
  atomic_size_t references;  // the host's, the iterator's, and those of who is at work with it
  CleatRuntime* runtime;     // kept
  CleatFeedOptions options;

  // In the runtime's list, under its mutex.
  CleatFeed* next;
  CleatFeed** link;  // NULL once it is in no list

  pthread_mutex_t mutex;  // guards what follows; taken after the runtime's
  pthread_cond_t room;
  CleatData** values;  // a ring of `options.capacity`
  size_t first;
  size_t count;
  Waiting* waiting;  // oldest first; only where there are no values
  bool given;        // JavaScript has the iterator
  bool ending;       // the host has put its last value
  bool failed;
  CleatFailure failure;
  bool over;     // nothing is taken any more
  bool refused;  // a value found no room since `wanted` was called last
};

static void unreference(CleatFeed* feed) {
  if (atomic_fetch_sub_explicit(&feed->references, 1, memory_order_acq_rel) != 1) return;
  pthread_cond_destroy(&feed->room);
  pthread_mutex_destroy(&feed->mutex);
  cleat__runtime_unkeep(feed->runtime);
  free(feed->failure.message);
  free(feed->values);
  free(feed);
}

static CleatData* take_value(CleatFeed* feed) {
  CleatData* value = feed->values[feed->first];
  feed->first = (feed->first + 1) % feed->options.capacity;
  feed->count--;
  return value;
}

// SETTLING

// Settles those that wait behind the last value: the first one is told of a failure.
static void settle_end(CleatFeed* feed, Waiting* waiting) {
  bool failed = feed->failed;
  while (waiting != NULL) {
    Waiting* one = waiting;
    waiting = one->next;
    if (failed) {
      cleat_promise_reject(one->promise, feed->failure.kind, "%s",
                           feed->failure.message == NULL ? "out of memory" : feed->failure.message);
    } else {
      cleat_promise_resolve_undefined(one->promise);
    }
    failed = false;
    free(one);
  }
}

// Ends it for good: drops what nobody takes, wakes who waits for room, and tells the producer, once.
static void finish(CleatFeed* feed) {
  pthread_mutex_lock(&feed->mutex);
  bool first = !feed->over;
  feed->over = true;
  Waiting* waiting = feed->waiting;
  feed->waiting = NULL;
  size_t count = feed->count;
  feed->count = 0;
  pthread_cond_broadcast(&feed->room);
  pthread_mutex_unlock(&feed->mutex);
  // Without the mutex: a sender that gives a function handle back may wait for memory, which a thread that wants the
  // mutex has.
  for (size_t i = 0; i < count; i++) cleat_data_free(feed->values[(feed->first + i) % feed->options.capacity]);
  settle_end(feed, waiting);
  if (first && feed->options.ended != NULL) feed->options.ended(feed->options.data);
}

// A value on its way to JavaScript.
typedef struct Sending {
  CleatFeed* feed;  // referenced
  CleatData* value;
} Sending;

static void drop_sending(void* copy) {
  Sending* sending = copy;
  cleat_data_free(sending->value);
  unreference(sending->feed);
}

// A value that cannot be made, such as a function of another runtime, ends the iteration, of which the producer is
// told.
static CleatValue* make_next(CleatEnv* env, void* copy) {
  Sending* sending = copy;
  CleatValue* made = cleat_next_value(env, NULL, cleat_from_data(env, sending->value));
  if (made == NULL) finish(sending->feed);
  drop_sending(sending);
  return made;
}

static void resolve_next(CleatFeed* feed, CleatPromise* promise, CleatData* value) {
  Sending sending = {feed, value};
  atomic_fetch_add_explicit(&feed->references, 1, memory_order_relaxed);
  cleat_promise_resolve(promise, make_next, &sending, sizeof(sending), drop_sending);
}

// THE ITERATOR

static void feed_next(CleatEnv* env, void* object, void* iterator, CleatPromise* promise) {
  (void)env;
  (void)object;
  CleatFeed* feed = iterator;
  Waiting* waiting = malloc(sizeof(Waiting));
  if (waiting == NULL) {
    cleat_promise_reject(promise, CLEAT_THROW_RANGE_ERROR, "out of memory");
    return;
  }
  *waiting = (Waiting){promise, NULL};
  pthread_mutex_lock(&feed->mutex);
  CleatData* value = feed->count > 0 ? take_value(feed) : NULL;
  bool waits = value == NULL && !feed->ending && !feed->over;
  bool wanted = value != NULL && feed->refused;
  if (wanted) feed->refused = false;
  if (value != NULL) pthread_cond_signal(&feed->room);
  if (waits) {
    Waiting** last = &feed->waiting;
    while (*last != NULL) last = &(*last)->next;
    *last = waiting;
  }
  pthread_mutex_unlock(&feed->mutex);
  if (waits) return;
  if (value == NULL) {
    settle_end(feed, waiting);
    finish(feed);
    return;
  }
  free(waiting);
  resolve_next(feed, promise, value);
  if (wanted && feed->options.wanted != NULL) feed->options.wanted(feed->options.data);
}

static void feed_leave(CleatEnv* env, void* object, void* iterator, CleatValue* value, CleatPromise* promise) {
  (void)env;
  (void)object;
  (void)value;
  finish(iterator);
  cleat_promise_resolve_undefined(promise);
}

// JavaScript has lost the iterator, or the runtime closes.
static void feed_finalize(void* iterator) {
  finish(iterator);
  unreference(iterator);
}

static const CleatMember feed_members[] = {
    {.name = "next", .kind = CLEAT_OPERATION, .flags = CLEAT_PROMISING, .call = cleat_async_iterator_next},
    {.name = "return",
     .kind = CLEAT_OPERATION,
     .flags = CLEAT_PROMISING,
     .call = cleat_async_iterator_return,
     .length = 1},
};
static const CleatClass feed_class = {
    .name = "Feed AsyncIterator",
    .finalize = cleat_async_iterator_finalize,
    .members = feed_members,
    .member_count = 2,
    .flags = CLEAT_ASYNC_ITERATOR_PROTOTYPE,
};
static const CleatAsyncIterable feed_iterable = {
    .iterator = &feed_class,
    .next = feed_next,
    .leave = feed_leave,
    .finalize = feed_finalize,
};

CleatValue* cleat_feed_value(CleatEnv* env, CleatFeed* feed) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  CLEAT_CHECK_GIVEN(feed, "feed");
  if (feed->runtime != env->runtime) cleat__misuse(__func__, "the feed is of another runtime");
  pthread_mutex_lock(&feed->mutex);
  bool given = feed->given;
  feed->given = true;
  pthread_mutex_unlock(&feed->mutex);
  if (given) {
    cleat_throw_type(env, "JavaScript has been given this feed before");
    return NULL;
  }
  atomic_fetch_add_explicit(&feed->references, 1, memory_order_relaxed);
  return cleat__async_iterator(env, &feed_iterable, CLEAT_VALUES, NULL, feed);
}

// OPENING AND CLOSING

static bool read_options(const CleatFeedOptions* given, CleatFeedOptions* options) {
  *options = CLEAT_FEED_OPTIONS_INIT;
  if (given != NULL) {
    if (!cleat__options_fit(given, given->size, offsetof(CleatFeedOptions, capacity), sizeof(*options))) return false;
    memcpy(options, given, given->size < sizeof(*options) ? given->size : sizeof(*options));
  }
  if (options->capacity == 0) options->capacity = DEFAULT_CAPACITY;
  return options->capacity <= SIZE_MAX / sizeof(CleatData*);
}

CleatFeed* cleat_feed_open(CleatRuntime* runtime, const CleatFeedOptions* given) {
  CLEAT_CHECK_RUNTIME(runtime);
  CleatFeedOptions options;
  if (!read_options(given, &options)) return NULL;
  CleatFeed* feed = calloc(1, sizeof(CleatFeed));
  if (feed != NULL) feed->values = malloc(options.capacity * sizeof(CleatData*));
  if (feed == NULL || feed->values == NULL) {
    free(feed);
    return NULL;
  }
  feed->options = options;
  feed->runtime = cleat__runtime_keep(runtime);
  atomic_init(&feed->references, 1);
  pthread_mutex_init(&feed->mutex, NULL);
  cleat__condition_init(&feed->room);
  pthread_mutex_lock(&runtime->mutex);
  bool open = !cleat__is_closing(runtime);
  if (open) {
    feed->next = runtime->feeds;
    feed->link = &runtime->feeds;
    if (feed->next != NULL) feed->next->link = &feed->next;
    runtime->feeds = feed;
  }
  pthread_mutex_unlock(&runtime->mutex);
  if (open) return feed;
  unreference(feed);
  return NULL;
}

// Under the runtime's mutex.
static void take_out(CleatFeed* feed) {
  if (feed->link == NULL) return;
  *feed->link = feed->next;
  if (feed->next != NULL) feed->next->link = feed->link;
  feed->link = NULL;
}

void cleat__feeds_close(CleatRuntime* runtime) {
  for (;;) {
    pthread_mutex_lock(&runtime->mutex);
    CleatFeed* feed = runtime->feeds;
    if (feed != NULL) {
      // The host still has it, since giving it back takes it out.
      atomic_fetch_add_explicit(&feed->references, 1, memory_order_relaxed);
      take_out(feed);
    }
    pthread_mutex_unlock(&runtime->mutex);
    if (feed == NULL) return;
    finish(feed);
    unreference(feed);
  }
}

// FROM ANY THREAD

// Under the mutex, which it gives up where it accepts: then a call of `next` that waits is given the value.
static CleatFeedStatus put(CleatFeed* feed, CleatData* value) {
  if (feed->over || feed->ending) return CLEAT_FEED_OVER;
  Waiting* waiting = feed->waiting;
  if (waiting != NULL) {
    feed->waiting = waiting->next;
  } else if (feed->count < feed->options.capacity) {
    feed->values[(feed->first + feed->count++) % feed->options.capacity] = value;
  } else {
    return CLEAT_FEED_FULL;
  }
  pthread_mutex_unlock(&feed->mutex);
  if (waiting != NULL) resolve_next(feed, waiting->promise, value);
  free(waiting);
  return CLEAT_FEED_ACCEPTED;
}

CleatFeedStatus cleat_feed_put(CleatFeed* feed, CleatData* value) {
  CLEAT_CHECK_GIVEN(feed, "feed");
  pthread_mutex_lock(&feed->mutex);
  CleatFeedStatus status = put(feed, value);
  if (status == CLEAT_FEED_ACCEPTED) return status;
  if (status == CLEAT_FEED_FULL) feed->refused = true;
  pthread_mutex_unlock(&feed->mutex);
  return status;
}

CleatFeedStatus cleat_feed_put_wait(CleatFeed* feed, CleatData* value, uint32_t timeout_ms) {
  CLEAT_CHECK_GIVEN(feed, "feed");
  // The JavaScript thread would wait for itself.
  if (cleat__on_thread(feed->runtime)) return cleat_feed_put(feed, value);
  struct timespec deadline = cleat__timespec(cleat__now() + timeout_ms * UINT64_C(1000000));
  int failure = 0;
  pthread_mutex_lock(&feed->mutex);
  for (;;) {
    CleatFeedStatus status = put(feed, value);
    if (status == CLEAT_FEED_ACCEPTED) return status;
    if (status == CLEAT_FEED_OVER || failure == ETIMEDOUT) {
      pthread_mutex_unlock(&feed->mutex);
      return status;
    }
    failure = timeout_ms == 0 ? pthread_cond_wait(&feed->room, &feed->mutex)
                              : pthread_cond_timedwait(&feed->room, &feed->mutex, &deadline);
  }
}

static void end(CleatFeed* feed, bool failed, CleatFailure failure) {
  pthread_mutex_lock(&feed->mutex);
  bool first = !feed->ending && !feed->over;
  Waiting* waiting = NULL;
  if (first) {
    feed->ending = true;
    feed->failed = failed;
    feed->failure = failure;
    waiting = feed->waiting;
    feed->waiting = NULL;
    pthread_cond_broadcast(&feed->room);
  }
  pthread_mutex_unlock(&feed->mutex);
  if (!first) free(failure.message);
  if (waiting == NULL) return;
  settle_end(feed, waiting);
  finish(feed);
}

void cleat_feed_end(CleatFeed* feed) {
  CLEAT_CHECK_GIVEN(feed, "feed");
  end(feed, false, (CleatFailure){CLEAT_THROW_ERROR, NULL});
}

void cleat_feed_fail(CleatFeed* feed, CleatThrowKind kind, const char* format, ...) {
  CLEAT_CHECK_GIVEN(feed, "feed");
  va_list arguments;
  va_start(arguments, format);
  CleatFailure failure = cleat__failure(kind, format, arguments);
  va_end(arguments);
  end(feed, true, failure);
}

void cleat_feed_release(CleatFeed* feed) {
  if (feed == NULL) return;
  pthread_mutex_lock(&feed->runtime->mutex);
  take_out(feed);
  pthread_mutex_unlock(&feed->runtime->mutex);
  cleat_feed_end(feed);
  pthread_mutex_lock(&feed->mutex);
  bool given = feed->given;
  pthread_mutex_unlock(&feed->mutex);
  if (!given) finish(feed);
  unreference(feed);
}
