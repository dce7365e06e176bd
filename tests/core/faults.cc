// Calls of the system that fail when told to: memory, threads, descriptors, libuv. The linker puts the functions of
// this file between the core and the system (faults.gni).
#include "faults.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <uv.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

// Which calls fail, where `armed`: number `first` of those of the function `only` (NULL: of all), and where `rest` is
// set all after it.
std::atomic<bool> armed{false}, paused{false};
std::atomic<long> calls{0}, first{0}, failed{0};
std::atomic<bool> rest{false};
std::atomic<const char*> only{nullptr};
std::atomic<bool (*)()> on_fault{nullptr};

bool Fails(const char* function) {
  const char* wanted = only;
  if (!armed || (wanted != nullptr && strcmp(function, wanted) != 0)) return false;
  long number = calls++;
  bool fails = number == first || (number > first && rest);
  if (!fails) return false;
  bool (*act)() = on_fault;
  if (act != nullptr && !act()) return false;
  failed++;
  return true;
}

template <class T>
T Failed(T result, int error) {
  errno = error;
  return result;
}

}  // namespace

void ArmFaults(long number, bool all_that_follow, const char* function) {
  calls = failed = 0;
  first = number;
  rest = all_that_follow;
  only = function;
  armed = true;
}

void OnFault(bool (*act)()) { on_fault = act; }

void PauseFaults() {
  paused = armed.load();
  armed = false;
}

void ResumeFaults() { armed = paused.load(); }

long DisarmFaults() {
  armed = false;
  on_fault = nullptr;
  return failed;
}

// Visible, since the linker holds what other libraries call by these names against them.
#pragma GCC visibility push(default)
extern "C" {

void* __real_malloc(size_t size);
void* __wrap_malloc(size_t size) { return Fails("malloc") ? Failed(nullptr, ENOMEM) : __real_malloc(size); }

void* __real_aligned_alloc(size_t alignment, size_t size);
void* __wrap_aligned_alloc(size_t alignment, size_t size) {
  return Fails("aligned_alloc") ? Failed(nullptr, ENOMEM) : __real_aligned_alloc(alignment, size);
}

void* __real_calloc(size_t count, size_t size);
void* __wrap_calloc(size_t count, size_t size) {
  return Fails("calloc") ? Failed(nullptr, ENOMEM) : __real_calloc(count, size);
}

void* __real_realloc(void* memory, size_t size);
void* __wrap_realloc(void* memory, size_t size) {
  return Fails("realloc") ? Failed(nullptr, ENOMEM) : __real_realloc(memory, size);
}

void* __real__ZnwmRKSt9nothrow_t(size_t size, const std::nothrow_t& tag);
void* __wrap__ZnwmRKSt9nothrow_t(size_t size, const std::nothrow_t& tag) {
  return Fails("new") ? nullptr : __real__ZnwmRKSt9nothrow_t(size, tag);
}

void* __real__ZnamRKSt9nothrow_t(size_t size, const std::nothrow_t& tag);
void* __wrap__ZnamRKSt9nothrow_t(size_t size, const std::nothrow_t& tag) {
  return Fails("new") ? nullptr : __real__ZnamRKSt9nothrow_t(size, tag);
}

char* __real_strdup(const char* text);
char* __wrap_strdup(const char* text) { return Fails("strdup") ? Failed(nullptr, ENOMEM) : __real_strdup(text); }

int __real_vasprintf(char** out, const char* format, va_list arguments);
int __wrap_vasprintf(char** out, const char* format, va_list arguments) {
  return Fails("vasprintf") ? Failed(-1, ENOMEM) : __real_vasprintf(out, format, arguments);
}

int __wrap_asprintf(char** out, const char* format, ...) {
  if (Fails("asprintf")) return Failed(-1, ENOMEM);
  va_list arguments;
  va_start(arguments, format);
  int length = __real_vasprintf(out, format, arguments);
  va_end(arguments);
  return length;
}

FILE* __real_open_memstream(char** text, size_t* length);
FILE* __wrap_open_memstream(char** text, size_t* length) {
  return Fails("open_memstream") ? Failed(nullptr, ENOMEM) : __real_open_memstream(text, length);
}

int __real_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*main)(void*), void* data);
int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*main)(void*), void* data) {
  return Fails("pthread_create") ? EAGAIN : __real_pthread_create(thread, attributes, main, data);
}

int __real_eventfd(unsigned value, int flags);
int __wrap_eventfd(unsigned value, int flags) {
  return Fails("eventfd") ? Failed(-1, EMFILE) : __real_eventfd(value, flags);
}

int __real_epoll_create1(int flags);
int __wrap_epoll_create1(int flags) {
  return Fails("epoll_create1") ? Failed(-1, EMFILE) : __real_epoll_create1(flags);
}

int __real_epoll_ctl(int epoll, int operation, int fd, epoll_event* event);
int __wrap_epoll_ctl(int epoll, int operation, int fd, epoll_event* event) {
  return Fails("epoll_ctl") ? Failed(-1, ENOSPC) : __real_epoll_ctl(epoll, operation, fd, event);
}

int __real_uv_loop_init(uv_loop_t* loop);
int __wrap_uv_loop_init(uv_loop_t* loop) { return Fails("uv_loop_init") ? UV_EMFILE : __real_uv_loop_init(loop); }

int __real_uv_poll_init(uv_loop_t* loop, uv_poll_t* handle, int fd);
int __wrap_uv_poll_init(uv_loop_t* loop, uv_poll_t* handle, int fd) {
  return Fails("uv_poll_init") ? UV_EMFILE : __real_uv_poll_init(loop, handle, fd);
}

int __real_uv_poll_start(uv_poll_t* handle, int events, uv_poll_cb callback);
int __wrap_uv_poll_start(uv_poll_t* handle, int events, uv_poll_cb callback) {
  return Fails("uv_poll_start") ? UV_EBADF : __real_uv_poll_start(handle, events, callback);
}

}  // extern "C"
#pragma GCC visibility pop
