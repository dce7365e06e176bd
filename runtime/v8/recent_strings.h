// The strings that were made last of short one-byte texts. Hosts give scripts the same few texts again and again: to
// find one takes half as long as to make it, and leaves no garbage.
#ifndef CLEAT_RUNTIME_V8_RECENT_STRINGS_H_
#define CLEAT_RUNTIME_V8_RECENT_STRINGS_H_

#include "shim_internal.h"

namespace cleat {

// Where eight bytes are one word: set where one is not ASCII.
constexpr uint64_t kHighBits = UINT64_C(0x8080808080808080);

// Reads what need not be aligned.
template <class T>
T ReadAt(const void* data) {
  T value;
  memcpy(&value, data, sizeof(value));
  return value;
}

// A short text as words, which overlap: with its length, they say all of it, and nothing about it takes a loop.
struct ShortText {
  static constexpr size_t kLongest = 32;

  ShortText() = default;

  // At least one byte, and at most kLongest.
  ShortText(const uint8_t* data, size_t length) : length(length) {
    if (length >= 16) {
      words[0] = ReadAt<uint64_t>(data);
      words[1] = ReadAt<uint64_t>(data + 8);
      words[2] = ReadAt<uint64_t>(data + length - 16);
      words[3] = ReadAt<uint64_t>(data + length - 8);
    } else if (length >= 8) {
      words[0] = ReadAt<uint64_t>(data);
      words[1] = ReadAt<uint64_t>(data + length - 8);
    } else if (length >= 4) {
      words[0] = ReadAt<uint32_t>(data);
      words[1] = ReadAt<uint32_t>(data + length - 4);
    } else {
      words[0] = static_cast<uint64_t>(data[0] | data[length / 2] << 8 | data[length - 1] << 16);
    }
  }

  bool IsAscii() const { return ((words[0] | words[1] | words[2] | words[3]) & kHighBits) == 0; }

  bool operator==(const ShortText& other) const {
    return ((words[0] ^ other.words[0]) | (words[1] ^ other.words[1]) | (words[2] ^ other.words[2]) |
            (words[3] ^ other.words[3]) | (length ^ other.length)) == 0;
  }

  // All bits are good ones: those of a sum of products would miss the upper bytes of words.
  uint64_t Hash() const {
    return Fold(words[0] ^ length ^ UINT64_C(0x9E3779B97F4A7C15), words[1] ^ UINT64_C(0xC2B2AE3D27D4EB4F)) ^
           Fold(words[2] ^ UINT64_C(0xD6E8FEB86659FD93), words[3] ^ UINT64_C(0xA0761D6478BD642F));
  }

  uint64_t words[4] = {};
  uint64_t length = 0;

 private:
  static uint64_t Fold(uint64_t a, uint64_t b) {
    const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }
};

// A string is kept from the second time on that it is asked for, and goes with the next collection of the whole heap
// unless something else holds it: V8 empties the handle, which is weak.
class RecentStrings {
 public:
  // How many short strings an engine makes before it has this, which takes 32 KB: many engines make few.
  static constexpr int kBefore = 64;

  // Whether to look at all: not for a while, where it has not been worth it.
  bool IsAwake() {
    if (asleep_ == 0) return true;
    asleep_--;
    return false;
  }

  // Returns the string, borrowed until the next one is looked for; empty where there is none.
  v8::Local<v8::String> Find(const ShortText& text, uint64_t hash) {
    Entry& entry = EntryOf(hash);
    if (!(entry.text == text) || entry.string.IsEmpty()) return {};
    entry.seen = 0;
    credit_ = std::min(credit_ + kHit, kMostCredit);
    return Borrow(entry.string);
  }

  // Returns a new string where none was found; empty where V8 fails. It may run garbage collection.
  v8::MaybeLocal<v8::String> Make(v8::Isolate* isolate, const ShortText& text, uint64_t hash, const uint8_t* data) {
    const int length = static_cast<int>(text.length);
    Entry& entry = EntryOf(hash);
    const uint64_t mark = hash >> 48;
    if (!HasLane(entry.seen, mark)) {
      entry.seen = entry.seen << 16 | mark;
      Pay(kMiss);
      return v8::String::NewFromOneByte(isolate, data, v8::NewStringType::kNormal, length);
    }
    // Internalized, it is quicker to compare, and as a property key.
    v8::Local<v8::String> string;
    const auto type = v8::NewStringType::kInternalized;
    if (!v8::String::NewFromOneByte(isolate, data, type, length).ToLocal(&string)) return {};
    entry.text = text;
    entry.seen = 0;
    entry.string.Reset(isolate, string);
    entry.string.SetWeak();
    Pay(kPut);
    return string;
  }

 private:
  // In nanoseconds, about: what is saved where a string is found, and what it costs that one is not, or is put in. What
  // is lost comes out of a credit, that a script which never asks for a text twice pays next to nothing.
  static constexpr int kHit = 8;
  static constexpr int kMiss = 12;
  static constexpr int kPut = 40;
  static constexpr int kCredit = 1000;      // after sleep
  static constexpr int kMostCredit = 8000;  // at first, and where it has been worth it
  static constexpr int kSleep = 8000;       // strings that are made without a look
  static constexpr size_t kEntries = 512;

  struct alignas(64) Entry {
    ShortText text;
    v8::Global<v8::String> string;
    uint64_t seen = 0;  // marks of up to four others that were asked for since `text` was
  };

  // Whether one of the four 16-bit lanes of a word has this value.
  static bool HasLane(uint64_t word, uint64_t value) {
    constexpr uint64_t kOnes = UINT64_C(0x0001000100010001);
    const uint64_t differences = word ^ value * kOnes;
    return ((differences - kOnes) & ~differences & (kOnes << 15)) != 0;
  }

  Entry& EntryOf(uint64_t hash) { return entries_[hash % kEntries]; }

  void Pay(int price) {
    credit_ -= price;
    if (credit_ > 0) return;
    asleep_ = kSleep;
    credit_ = kCredit;
  }

  int asleep_ = 0;
  int credit_ = kMostCredit;
  Entry entries_[kEntries];
};

}  // namespace cleat

#endif  // CLEAT_RUNTIME_V8_RECENT_STRINGS_H_
