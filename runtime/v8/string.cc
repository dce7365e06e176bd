// Strings: WTF-8, Latin-1 and UTF-16 on the way in and out, and the interned strings that serve as property keys.

#include <cstdlib>
#include <string_view>
#include <unordered_map>

#include "recent_strings.h"

namespace {

using cleat::FromC;
using cleat::ToC;

using Internals = v8::internal::Internals;

constexpr size_t kMaxLength = v8::String::kMaxLength;
constexpr uint16_t kReplacement = 0xFFFD;

// IN PLACE. A call costs more than to copy a short string, and V8's way takes three. Where the length and the units of
// a sequential string are is V8's own affair, and so believed only once it was seen to be true.
std::atomic<bool> layout_known{false};

bool IsSequentialOneByte(CleatValue* string) {
  constexpr int kMask = Internals::kStringRepresentationAndEncodingMask;
  return (Internals::GetInstanceType(cleat::Tagged(string)) & kMask) == Internals::kStringEncodingMask;
}

bool IsSequentialTwoByte(CleatValue* string) {
  constexpr int kMask = Internals::kStringRepresentationAndEncodingMask;
  return (Internals::GetInstanceType(cleat::Tagged(string)) & kMask) == 0;
}

// Before where an external string has its resource.
size_t LengthInPlace(CleatValue* string) {
  constexpr int kOffset = Internals::kStringResourceOffset - v8::internal::kApiInt32Size;
  return static_cast<size_t>(Internals::ReadRawField<int32_t>(cleat::Tagged(string), kOffset));
}

const uint8_t* UnitsInPlace(CleatValue* string) {
  constexpr int kOffset = Internals::kStringResourceOffset - v8::internal::kHeapObjectTag;
  return reinterpret_cast<const uint8_t*>(cleat::Tagged(string) + kOffset);
}

const uint16_t* WideUnitsInPlace(CleatValue* string) { return reinterpret_cast<const uint16_t*>(UnitsInPlace(string)); }

// Returns what a string function of V8 made, which throws nothing where it cannot.
CleatValue* Made(CleatEngine* engine, v8::MaybeLocal<v8::String> made) {
  v8::Local<v8::String> string;
  if (made.ToLocal(&string)) return ToC(string);
  return cleat::Throw(engine->isolate, CLEAT_THROW_RANGE_ERROR, "Invalid string length");
}

typedef uint64_t Words __attribute__((vector_size(16)));

bool IsContinuation(const uint8_t* at, const uint8_t* end) { return at < end && (*at & 0xC0) == 0x80; }

// Whether a surrogate in three bytes begins at `at`.
bool IsSurrogate(const uint8_t* at, const uint8_t* end) {
  return end - at >= 3 && at[0] == 0xED && at[1] >= 0xA0 && at[1] <= 0xBF && IsContinuation(at + 2, end);
}

// What a lead byte announces: how many bytes follow, and between what bounds the first of them lies, which is where
// over-long forms, surrogates and values above U+10FFFF are kept out.
struct Lead {
  explicit Lead(uint8_t byte) {
    if (byte >= 0xC2 && byte <= 0xDF) following = 1;
    if (byte >= 0xE0 && byte <= 0xEF) following = 2;
    if (byte >= 0xF0 && byte <= 0xF4) following = 3;
    if (byte == 0xE0) low = 0xA0;
    if (byte == 0xED) high = 0x9F;
    if (byte == 0xF0) low = 0x90;
    if (byte == 0xF4) high = 0x8F;
    value = byte & (0x3F >> following);
  }
  int following = 0;
  uint8_t low = 0x80;
  uint8_t high = 0xBF;
  uint32_t value;
};

// Decodes one character at `*at`, which moves behind it; the Encoding Standard's UTF-8 decoder. U+FFFD for what is not
// one.
uint32_t DecodeOne(const uint8_t** at, const uint8_t* end) {
  uint8_t byte = *(*at)++;
  if (byte < 0x80) return byte;
  Lead lead(byte);
  if (lead.following == 0 || *at == end || **at < lead.low || **at > lead.high) return kReplacement;
  uint32_t value = lead.value;
  for (int i = 0; i < lead.following; i++) {
    if (!IsContinuation(*at, end)) return kReplacement;
    value = value << 6 | (*(*at)++ & 0x3F);
  }
  return value;
}

}  // namespace

namespace cleat {

size_t Decode(const uint8_t* at, size_t length, uint16_t* out) {
  const uint8_t* end = at + length;
  uint16_t* next = out;
  while (at < end) {
    if (*at < 0x80) {
      *next++ = *at++;
      continue;
    }
    // Three bytes that are neither a surrogate nor over-long, which most of what is not Latin is made of.
    if (*at > 0xE0 && *at < 0xF0 && *at != 0xED && end - at >= 3 && (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80) {
      *next++ = static_cast<uint16_t>((at[0] & 0x0F) << 12 | (at[1] & 0x3F) << 6 | (at[2] & 0x3F));
      at += 3;
      continue;
    }
    if (IsSurrogate(at, end)) {
      *next++ = static_cast<uint16_t>(0xD000 | (at[1] & 0x3F) << 6 | (at[2] & 0x3F));
      at += 3;
      continue;
    }
    uint32_t value = DecodeOne(&at, end);
    if (value > 0xFFFF) {
      *next++ = static_cast<uint16_t>(0xD7C0 + (value >> 10));
      value = 0xDC00 | (value & 0x3FF);
    }
    *next++ = static_cast<uint16_t>(value);
  }
  return static_cast<size_t>(next - out);
}

}  // namespace cleat

namespace {

// Makes a string of units that are there for this alone: Latin-1 where they all are, as V8 would.
CleatValue* FromUnits(CleatEngine* engine, uint16_t* units, size_t length) {
  uint16_t all = 0;
  for (size_t i = 0; i < length; i++) all |= units[i];
  if (all > 0xFF) return cleat__string_utf16(engine, units, length);
  uint8_t* narrow = reinterpret_cast<uint8_t*>(units);
  for (size_t i = 0; i < length; i++) narrow[i] = static_cast<uint8_t>(units[i]);
  return cleat__string_latin1(engine, narrow, length);
}

// V8's own decoder knows no lone surrogates, refuses by the number of bytes, not of units, and takes several times as
// long.
CleatValue* Decoded(CleatEngine* engine, const uint8_t* data, size_t length) {
  constexpr size_t kShort = 256;
  if (length <= kShort) {
    uint16_t space[kShort];
    return FromUnits(engine, space, cleat::Decode(data, length, space));
  }
  uint16_t* units = static_cast<uint16_t*>(malloc(length * sizeof(uint16_t)));
  if (units == nullptr) return Made(engine, {});
  CleatValue* string = FromUnits(engine, units, cleat::Decode(data, length, units));
  free(units);
  return string;
}

}  // namespace

bool cleat__is_ascii(const char* data, size_t length) {
  using cleat::kHighBits;
  using cleat::ReadAt;
  for (; length >= 64; data += 64, length -= 64) {
    const Words all =
        ReadAt<Words>(data) | ReadAt<Words>(data + 16) | ReadAt<Words>(data + 32) | ReadAt<Words>(data + 48);
    if (((all[0] | all[1]) & kHighBits) != 0) return false;
  }
  for (; length >= 8; data += 8, length -= 8) {
    if ((ReadAt<uint64_t>(data) & kHighBits) != 0) return false;
  }
  for (size_t i = 0; i < length; i++) {
    if ((data[i] & 0x80) != 0) return false;
  }
  return true;
}

namespace {

using cleat::ShortText;

inline bool IsShort(size_t length) { return length - 1 < ShortText::kLongest; }

inline CleatValue* NewLatin1(CleatEngine* engine, const uint8_t* data, size_t length) {
  if (length > kMaxLength) return Made(engine, {});
  return Made(engine,
              v8::String::NewFromOneByte(engine->isolate, data, v8::NewStringType::kNormal, static_cast<int>(length)));
}

__attribute__((noinline)) CleatValue* MakeShort(CleatEngine* engine, const ShortText& text, uint64_t hash,
                                                const uint8_t* data) {
  if (engine->recent == nullptr && ++engine->short_strings >= cleat::RecentStrings::kBefore) {
    engine->short_strings = 0;
    engine->recent = new (std::nothrow) cleat::RecentStrings;
  }
  if (engine->recent == nullptr) return NewLatin1(engine, data, text.length);
  return Made(engine, engine->recent->Make(engine->isolate, text, hash, data));
}

// `borrow`: the handle is used at once, and not again.
inline CleatValue* ShortLatin1(CleatEngine* engine, const ShortText& text, const uint8_t* data, bool borrow) {
  cleat::RecentStrings* recent = engine->recent;
  if (recent != nullptr && !recent->IsAwake()) return NewLatin1(engine, data, text.length);
  const uint64_t hash = text.Hash();
  v8::Local<v8::String> string;
  if (recent != nullptr) string = recent->Find(text, hash);
  if (string.IsEmpty()) return MakeShort(engine, text, hash, data);
  return ToC(borrow ? string : v8::Local<v8::String>::New(engine->isolate, string));
}

inline CleatValue* Latin1(CleatEngine* engine, const uint8_t* data, size_t length, bool borrow) {
  return IsShort(length) ? ShortLatin1(engine, ShortText(data, length), data, borrow) : NewLatin1(engine, data, length);
}

inline CleatValue* Wtf8(CleatEngine* engine, const char* data, size_t length, bool borrow) {
  const uint8_t* bytes = reinterpret_cast<const uint8_t*>(data);
  if (IsShort(length)) {
    const ShortText text(bytes, length);
    return text.IsAscii() ? ShortLatin1(engine, text, bytes, borrow) : Decoded(engine, bytes, length);
  }
  if (length > 3 * kMaxLength) return Made(engine, {});  // Three bytes at most make one unit.
  return cleat__is_ascii(data, length) ? NewLatin1(engine, bytes, length) : Decoded(engine, bytes, length);
}

}  // namespace

CleatValue* cleat__string_wtf8(CleatEngine* engine, const char* data, size_t length) {
  return Wtf8(engine, data, length, false);
}

CleatValue* cleat__string_latin1(CleatEngine* engine, const uint8_t* data, size_t length) {
  return Latin1(engine, data, length, false);
}

bool cleat__return_wtf8(CleatCall* call, const char* data, size_t length) {
  CleatValue* string = Wtf8(cleat__call_engine(call), data, length, true);
  if (string != nullptr) cleat__return(call, string);
  return string != nullptr;
}

bool cleat__return_latin1(CleatCall* call, const uint8_t* data, size_t length) {
  CleatValue* string = Latin1(cleat__call_engine(call), data, length, true);
  if (string != nullptr) cleat__return(call, string);
  return string != nullptr;
}

CleatValue* cleat__string_utf16(CleatEngine* engine, const uint16_t* units, size_t length) {
  if (length > kMaxLength) return Made(engine, {});
  return Made(engine,
              v8::String::NewFromTwoByte(engine->isolate, units, v8::NewStringType::kNormal, static_cast<int>(length)));
}

const uint8_t* cleat__string_in_place(CleatValue* string, size_t* length) {
  if (!layout_known.load(std::memory_order_relaxed) || !IsSequentialOneByte(string)) return nullptr;
  *length = LengthInPlace(string);
  return UnitsInPlace(string);
}

const uint16_t* cleat__string_in_place_wide(CleatValue* string, size_t* length) {
  if (!layout_known.load(std::memory_order_relaxed) || !IsSequentialTwoByte(string)) return nullptr;
  *length = LengthInPlace(string);
  return WideUnitsInPlace(string);
}

size_t cleat__string_length(CleatValue* string) { return static_cast<size_t>(FromC<v8::String>(string)->Length()); }

bool cleat__string_is_one_byte(CleatValue* string) { return FromC<v8::String>(string)->IsOneByte(); }

size_t cleat__string_wtf8_length(CleatEngine* engine, CleatValue* string) {
  return static_cast<size_t>(FromC<v8::String>(string)->Utf8Length(engine->isolate));
}

void cleat__string_write_wtf8(CleatEngine* engine, CleatValue* string, char* out, bool replace_lone_surrogates) {
  int options = v8::String::NO_NULL_TERMINATION;
  if (replace_lone_surrogates) options |= v8::String::REPLACE_INVALID_UTF8;
  FromC<v8::String>(string)->WriteUtf8(engine->isolate, out, -1, nullptr, options);
}

size_t cleat__string_write_wtf8_part(CleatEngine* engine, CleatValue* string, char* out, size_t capacity) {
  int room = capacity > INT_MAX ? INT_MAX : static_cast<int>(capacity);
  int written =
      FromC<v8::String>(string)->WriteUtf8(engine->isolate, out, room, nullptr, v8::String::NO_NULL_TERMINATION);
  return static_cast<size_t>(written);
}

void cleat__string_write_latin1(CleatEngine* engine, CleatValue* string, uint8_t* out) {
  v8::Local<v8::String> text = FromC<v8::String>(string);
  text->WriteOneByte(engine->isolate, out, 0, -1, v8::String::NO_NULL_TERMINATION);
}

void cleat__string_write_utf16(CleatEngine* engine, CleatValue* string, uint16_t* out) {
  v8::Local<v8::String> text = FromC<v8::String>(string);
  text->Write(engine->isolate, out, 0, text->Length(), v8::String::NO_NULL_TERMINATION);
}

bool cleat__string_contains_only_one_byte(CleatValue* string) {
  return FromC<v8::String>(string)->ContainsOnlyOneByte();
}

namespace {

v8::Local<v8::String> LongText(v8::Isolate* isolate) {
  return v8::String::NewFromUtf8Literal(isolate, "a half of a longer string");
}

}  // namespace

namespace cleat {

void LearnStrings(v8::Isolate* isolate) {
  if (layout_known.load(std::memory_order_relaxed)) return;
  v8::HandleScope scope(isolate);
  constexpr char kText[] = "0123456789abcdefghijklmnopqrstuvwxyz";
  for (auto type : {v8::NewStringType::kNormal, v8::NewStringType::kInternalized}) {
    for (int length : {2, 3, 8, 36}) {
      const auto* text = reinterpret_cast<const uint8_t*>(kText);
      v8::Local<v8::String> string = v8::String::NewFromOneByte(isolate, text, type, length).ToLocalChecked();
      CleatValue* value = ToC(string);
      if (!IsSequentialOneByte(value) || LengthInPlace(value) != static_cast<size_t>(length)) return;
      if (memcmp(UnitsInPlace(value), kText, static_cast<size_t>(length)) != 0) return;
    }
  }
  const uint16_t wide[] = {0x20AC, 0xD800, 'a', 0xDC00};
  for (int length : {1, 2, 4}) {
    CleatValue* value =
        ToC(v8::String::NewFromTwoByte(isolate, wide, v8::NewStringType::kNormal, length).ToLocalChecked());
    if (!IsSequentialTwoByte(value) || LengthInPlace(value) != static_cast<size_t>(length)) return;
    if (memcmp(WideUnitsInPlace(value), wide, static_cast<size_t>(length) * sizeof(wide[0])) != 0) return;
    // Strings of other kinds must not look the same.
    if (IsSequentialOneByte(value)) return;
    v8::Local<v8::String> half = v8::String::Concat(isolate, FromC<v8::String>(value), LongText(isolate));
    for (CleatValue* other : {ToC(half), ToC(LongText(isolate)), ToC(v8::String::Concat(isolate, half, half))}) {
      if (IsSequentialTwoByte(other)) return;
    }
  }
  v8::Local<v8::String> text = LongText(isolate);
  if (IsSequentialOneByte(ToC(v8::String::Concat(isolate, text, text)))) return;
  layout_known.store(true, std::memory_order_relaxed);
}

// The interned strings by content, and beside that the last ones by the address of the text asked for: a caller's
// literal is found without hashing it. The content is compared all the same, since memory is reused, but where the
// caller says that it is not.
class InternedStrings {
 public:
  CleatValue* Find(v8::Isolate* isolate, const char* text) {
    Entry*& recent = recent_[reinterpret_cast<uintptr_t>(text) % kRecent];
    if (recent == nullptr || !IsSame(recent->text.c_str(), text)) recent = FindByContent(isolate, text);
    return ToC(Borrow(recent->string));
  }

  // By its address alone.
  CleatValue* FindStatic(v8::Isolate* isolate, const char* text) {
    Static& place = static_[reinterpret_cast<uintptr_t>(text) % kStatic];
    if (__builtin_expect(place.text != text, false)) Learn(isolate, text, &place);
    return place.string;
  }

 private:
  // Names are too short for strcmp to be worth a call.
  static bool IsSame(const char* a, const char* b) {
    for (; *a == *b; a++, b++) {
      if (*a == '\0') return true;
    }
    return false;
  }

  struct Entry {
    std::string text;
    v8::Global<v8::String> string;
  };

  __attribute__((noinline)) Entry* FindByContent(v8::Isolate* isolate, const char* text) {
    auto found = entries_.find(text);
    if (found != entries_.end()) return found->second.get();
    auto entry = std::make_unique<Entry>();
    entry->text = text;
    v8::HandleScope scope(isolate);
    entry->string.Reset(isolate, v8::String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t*>(text),
                                                            v8::NewStringType::kInternalized)
                                     .ToLocalChecked());
    Entry* made = entry.get();
    entries_.emplace(made->text, std::move(entry));
    return made;
  }

  struct Static {
    const char* text;
    CleatValue* string;
  };

  __attribute__((noinline)) void Learn(v8::Isolate* isolate, const char* text, Static* place) {
    *place = {text, ToC(Borrow(FindByContent(isolate, text)->string))};
  }

  static constexpr size_t kRecent = 512;
  Entry* recent_[kRecent] = {};
  static constexpr size_t kStatic = 256;
  Static static_[kStatic] = {};
  std::unordered_map<std::string_view, std::unique_ptr<Entry>> entries_;
};

__attribute__((noinline)) void MakeInterned(CleatEngine* engine) { engine->interned = new InternedStrings; }

void FreeStrings(CleatEngine* engine) {
  delete engine->interned;
  engine->interned = nullptr;
  delete engine->recent;
  engine->recent = nullptr;
}

}  // namespace cleat

CleatValue* cleat__interned(CleatEngine* engine, const char* latin1) {
  if (engine->interned == nullptr) cleat::MakeInterned(engine);
  return engine->interned->Find(engine->isolate, latin1);
}

CleatValue* cleat__static_key(CleatEngine* engine, const char* latin1) {
  if (engine->interned == nullptr) cleat::MakeInterned(engine);
  return engine->interned->FindStatic(engine->isolate, latin1);
}
