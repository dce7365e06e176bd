// Bytes: ArrayBuffers and the views over them.

#include <cstdlib>
#include <string>

#include "shim_internal.h"

namespace {

using cleat::FromC;
using cleat::ToC;

// Memory of buffers of ours, from where V8's own buffers have theirs; but in an isolate of others, whose allocator may
// be gone before the last buffer is, from the C library, with NULL for the allocator.
void* NewBytes(v8::ArrayBuffer::Allocator* allocator, const void* data, size_t length) {
  if (allocator == nullptr) return data == nullptr ? calloc(1, length) : malloc(length);
  return data == nullptr ? allocator->Allocate(length) : allocator->AllocateUninitialized(length);
}

void FreeBytes(void* data, size_t length, void* allocator) {
  if (allocator == nullptr) {
    free(data);
  } else {
    static_cast<v8::ArrayBuffer::Allocator*>(allocator)->Free(data, length);
  }
}

size_t ElementSize(CleatBytesKind kind) {
  switch (kind) {
    case CLEAT_BYTES_INT16:
    case CLEAT_BYTES_UINT16:
      return 2;
    case CLEAT_BYTES_INT32:
    case CLEAT_BYTES_UINT32:
    case CLEAT_BYTES_FLOAT32:
      return 4;
    case CLEAT_BYTES_FLOAT64:
    case CLEAT_BYTES_BIGINT64:
    case CLEAT_BYTES_BIGUINT64:
      return 8;
    default:
      return 1;
  }
}

// Returns whether the value is a view of that kind.
bool IsView(v8::Local<v8::Value> value, CleatBytesKind kind) {
  switch (kind) {
    case CLEAT_BYTES_DATA_VIEW:
      return value->IsDataView();
    case CLEAT_BYTES_INT8:
      return value->IsInt8Array();
    case CLEAT_BYTES_UINT8:
      return value->IsUint8Array();
    case CLEAT_BYTES_UINT8_CLAMPED:
      return value->IsUint8ClampedArray();
    case CLEAT_BYTES_INT16:
      return value->IsInt16Array();
    case CLEAT_BYTES_UINT16:
      return value->IsUint16Array();
    case CLEAT_BYTES_INT32:
      return value->IsInt32Array();
    case CLEAT_BYTES_UINT32:
      return value->IsUint32Array();
    case CLEAT_BYTES_FLOAT32:
      return value->IsFloat32Array();
    case CLEAT_BYTES_FLOAT64:
      return value->IsFloat64Array();
    case CLEAT_BYTES_BIGINT64:
      return value->IsBigInt64Array();
    case CLEAT_BYTES_BIGUINT64:
      return value->IsBigUint64Array();
    case CLEAT_BYTES_ARRAY_BUFFER:
      break;
  }
  return false;
}

// The commonest first.
constexpr CleatBytesKind kViews[] = {
    CLEAT_BYTES_UINT8,  CLEAT_BYTES_FLOAT64,       CLEAT_BYTES_FLOAT32,   CLEAT_BYTES_INT32,
    CLEAT_BYTES_UINT32, CLEAT_BYTES_UINT8_CLAMPED, CLEAT_BYTES_INT8,      CLEAT_BYTES_INT16,
    CLEAT_BYTES_UINT16, CLEAT_BYTES_BIGINT64,      CLEAT_BYTES_BIGUINT64, CLEAT_BYTES_DATA_VIEW,
};

CleatBytesKind KindOf(v8::Local<v8::Value> value) {
  for (CleatBytesKind kind : kViews) {
    if (IsView(value, kind)) return kind;
  }
  return CLEAT_BYTES_ARRAY_BUFFER;
}

v8::Local<v8::Value> NewView(CleatBytesKind kind, v8::Local<v8::ArrayBuffer> buffer, size_t offset, size_t count) {
  switch (kind) {
    case CLEAT_BYTES_INT8:
      return v8::Int8Array::New(buffer, offset, count);
    case CLEAT_BYTES_UINT8:
      return v8::Uint8Array::New(buffer, offset, count);
    case CLEAT_BYTES_UINT8_CLAMPED:
      return v8::Uint8ClampedArray::New(buffer, offset, count);
    case CLEAT_BYTES_INT16:
      return v8::Int16Array::New(buffer, offset, count);
    case CLEAT_BYTES_UINT16:
      return v8::Uint16Array::New(buffer, offset, count);
    case CLEAT_BYTES_INT32:
      return v8::Int32Array::New(buffer, offset, count);
    case CLEAT_BYTES_UINT32:
      return v8::Uint32Array::New(buffer, offset, count);
    case CLEAT_BYTES_FLOAT32:
      return v8::Float32Array::New(buffer, offset, count);
    case CLEAT_BYTES_FLOAT64:
      return v8::Float64Array::New(buffer, offset, count);
    case CLEAT_BYTES_BIGINT64:
      return v8::BigInt64Array::New(buffer, offset, count);
    case CLEAT_BYTES_BIGUINT64:
      return v8::BigUint64Array::New(buffer, offset, count);
    case CLEAT_BYTES_DATA_VIEW:
      return v8::DataView::New(buffer, offset, count);
    case CLEAT_BYTES_ARRAY_BUFFER:
      break;
  }
  return buffer;
}

}  // namespace

CleatValue* cleat__array_buffer(CleatEngine* engine, const void* data, size_t length) {
  if (length == 0) return ToC(v8::ArrayBuffer::New(engine->isolate, 0));
  v8::ArrayBuffer::Allocator* allocator = engine->allocator.get();
  void* copy = nullptr;
  // As V8 does for buffers that scripts make: what is garbage makes room.
  for (int tries = 0; copy == nullptr && tries < 2; tries++) {
    if (tries > 0) cleat__collect_garbage(engine);
    copy = NewBytes(allocator, data, length);
  }
  if (copy == nullptr) {
    return cleat::Throw(engine->isolate, CLEAT_THROW_RANGE_ERROR, "Array buffer allocation failed");
  }
  if (data != nullptr) memcpy(copy, data, length);
  return ToC(
      v8::ArrayBuffer::New(engine->isolate, v8::ArrayBuffer::NewBackingStore(copy, length, FreeBytes, allocator)));
}

namespace {

// The backing store may be freed on a thread of V8's.
void Release(void* data, size_t, void* release) { reinterpret_cast<void (*)(void*)>(release)(data); }

// What stands for the bytes where there are none.
uint8_t no_bytes[1];

// Returns the bytes at an offset of a buffer, and their number, which is 0 where the buffer has none.
template <typename Buffer>
uint8_t* BytesOf(v8::Local<Buffer> buffer, size_t offset, size_t count, size_t* length) {
  auto* start = static_cast<uint8_t*>(buffer->Data());
  *length = start == nullptr ? 0 : count;
  return start == nullptr ? no_bytes : start + offset;
}

// The buffer may be a SharedArrayBuffer.
bool IsResizable(v8::Local<v8::ArrayBuffer> buffer) {
#if V8_MAJOR_VERSION >= 11
  return buffer->GetBackingStore()->IsResizableByUserJavaScript();
#else
  (void)buffer;
  return false;
#endif
}

}  // namespace

CleatValue* cleat__array_buffer_over(CleatEngine* engine, void* data, size_t length, void (*release)(void* data)) {
  if (length == 0) {
    release(data);
    return ToC(v8::ArrayBuffer::New(engine->isolate, 0));
  }
  return ToC(v8::ArrayBuffer::New(
      engine->isolate, v8::ArrayBuffer::NewBackingStore(data, length, Release, reinterpret_cast<void*>(release))));
}

CleatValue* cleat__shared_array_buffer(CleatEngine* engine, const void* data, size_t length) {
  v8::Local<v8::SharedArrayBuffer> buffer = v8::SharedArrayBuffer::New(engine->isolate, length);
  if (length > 0) memcpy(buffer->Data(), data, length);
  return ToC(buffer);
}

CleatBytesKind cleat__bytes_kind(CleatValue* value) { return KindOf(FromC(value)); }

// A view that has made no buffer yet is of one that is neither.
void cleat__buffer_nature(CleatValue* value, bool* shared, bool* resizable) {
  v8::Local<v8::Value> local = FromC(value);
  *shared = *resizable = false;
  if (local->IsArrayBufferView()) {
    if (!local.As<v8::ArrayBufferView>()->HasBuffer()) return;
    local = local.As<v8::ArrayBufferView>()->Buffer();
  }
  *shared = local->IsSharedArrayBuffer();
  *resizable = !*shared && IsResizable(local.As<v8::ArrayBuffer>());
#if V8_MAJOR_VERSION >= 11
  if (*shared) *resizable = local.As<v8::SharedArrayBuffer>()->GetBackingStore()->IsResizableByUserJavaScript();
#endif
}

// V8 aborts the process at what it does not allow here.
CleatValue* cleat__view(CleatEngine* engine, CleatBytesKind kind, CleatValue* buffer, size_t byte_offset,
                        size_t length) {
  v8::Local<v8::ArrayBuffer> local = FromC<v8::ArrayBuffer>(buffer);
  const size_t size = ElementSize(kind);
  const size_t available = local->ByteLength();
  if (byte_offset > available || length > available - byte_offset || byte_offset % size != 0 || length % size != 0 ||
      length / size > v8::TypedArray::kMaxLength) {
    std::string message = "Invalid typed array length: " + std::to_string(length / size);
    return cleat::Throw(engine->isolate, CLEAT_THROW_RANGE_ERROR, message.c_str());
  }
  return ToC(NewView(kind, local, byte_offset, length / size));
}

bool cleat__is_view_of(CleatValue* value, CleatBytesKind kind) { return IsView(FromC(value), kind); }

uint8_t* cleat__view_bytes(CleatValue* value, size_t* length, bool* shared, bool* resizable) {
  v8::Local<v8::ArrayBufferView> view = FromC<v8::ArrayBufferView>(value);
  v8::Local<v8::ArrayBuffer> buffer = view->Buffer();
  *shared = buffer->IsSharedArrayBuffer();
  *resizable = IsResizable(buffer);
  return BytesOf(buffer, view->ByteOffset(), view->ByteLength(), length);
}

uint8_t* cleat__bytes(CleatEngine*, CleatValue* value, size_t* length, CleatBytesKind* kind) {
  v8::Local<v8::Value> local = FromC(value);
  *kind = KindOf(local);
  if (local->IsArrayBufferView()) {
    v8::Local<v8::ArrayBufferView> view = local.As<v8::ArrayBufferView>();
    return BytesOf(view->Buffer(), view->ByteOffset(), view->ByteLength(), length);
  }
  if (local->IsArrayBuffer()) {
    v8::Local<v8::ArrayBuffer> buffer = local.As<v8::ArrayBuffer>();
    return BytesOf(buffer, 0, buffer->ByteLength(), length);
  }
  if (local->IsSharedArrayBuffer()) {
    v8::Local<v8::SharedArrayBuffer> buffer = local.As<v8::SharedArrayBuffer>();
    return BytesOf(buffer, 0, buffer->ByteLength(), length);
  }
  *length = 0;
  return nullptr;
}
