// Strings: WTF-8 both ways, limits, interned ones.

#include "fixture.h"

namespace {

class StringTest : public ShimTest {
 protected:
  // The UTF-16 units of a string, in hexadecimal.
  std::string Units(CleatValue* string) {
    DefineGlobal("s", string);
    return Text("[...Array(s.length)].map((_, i) => s.charCodeAt(i).toString(16)).join(' ')");
  }
};

TEST_F(StringTest, Wtf8IsDecoded) {
  const struct {
    const char* bytes;
    const char* units;
  } cases[] = {
      {"", ""},
      {"abc", "61 62 63"},
      {"\xC3\xA9", "e9"},
      {"\xE2\x82\xAC", "20ac"},
      {"\xF0\x9F\x98\x80", "d83d de00"},
      {"\xED\x9F\xBF", "d7ff"},
      {"\xEE\x80\x80", "e000"},
      {"\xF4\x8F\xBF\xBF", "dbff dfff"},
      {"a\xED\xA0\xBDz", "61 d83d 7a"},
      {"\xED\xB8\x80", "de00"},
      {"\xED\xB8\x80\xED\xA0\xBD", "de00 d83d"},
      {"\xED\xA0\xBD\xED\xB8\x80", "d83d de00"},
      {"\xED\xA0\xBD\xF0\x9F\x98\x80\xE2\x82\xAC\xC3\xA9", "d83d d83d de00 20ac e9"},
  };
  for (const auto& one : cases) EXPECT_EQ(Units(String(one.bytes)), one.units);
}

TEST_F(StringTest, BytesThatAreNoUtf8BecomeReplacementCharacters) {
  const struct {
    const char* bytes;
    const char* units;
  } cases[] = {
      {"\xFF", "fffd"},
      {"\x80", "fffd"},
      {"\xC3", "fffd"},
      {"\xC3z", "fffd 7a"},
      {"\xC0\x80", "fffd fffd"},
      {"\xE2\x82", "fffd"},
      {"\xE2\x82z", "fffd 7a"},
      {"\xE0\x80\x80", "fffd fffd fffd"},
      {"\xF0\x9F\x98", "fffd"},
      {"\xF0\x8F\xBF\xBF", "fffd fffd fffd fffd"},
      {"\xF4\x90\x80\x80", "fffd fffd fffd fffd"},
      {"\xF5\x80", "fffd fffd"},
      {"\xED\xA0", "fffd fffd"},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(Units(String(one.bytes)), one.units);
    // The same by the decoder that a surrogate asks for.
    std::string with = std::string("\xED\xB8\x80 ") + one.bytes;
    EXPECT_EQ(Units(String(with)), std::string("de00 20 ") + one.units);
  }
}

TEST_F(StringTest, NulsAreKept) {
  EXPECT_EQ(Units(String(std::string("a\0b", 3))), "61 0 62");
  EXPECT_EQ(TextOf(Run("'a\\0b'")), std::string("a\0b", 3));
}

TEST_F(StringTest, Wtf8IsEncodedWithLoneSurrogates) {
  EXPECT_EQ(TextOf(Run("'\\ud83dz'")), "\xED\xA0\xBDz");
  EXPECT_EQ(TextOf(Run("'z\\ude00'")), "z\xED\xB8\x80");
  EXPECT_EQ(TextOf(Run("'\\ude00\\ud83d'")), "\xED\xB8\x80\xED\xA0\xBD");
  EXPECT_EQ(TextOf(Run("'\\ud83d\\ude00'")), "\xF0\x9F\x98\x80");
}

TEST_F(StringTest, APairSplitOverAConsStringIsOneCharacter) {
  EXPECT_EQ(TextOf(Run("var left = 'x'.repeat(20) + '\\ud83d', right = '\\ude00' + 'y'.repeat(20); left + right")),
            std::string(20, 'x') + "\xF0\x9F\x98\x80" + std::string(20, 'y'));
  EXPECT_EQ(TextOf(Run("left + 'y'.repeat(20)")), std::string(20, 'x') + "\xED\xA0\xBD" + std::string(20, 'y'));
}

TEST_F(StringTest, LoneSurrogatesAreReplacedWhereAsked) {
  CleatValue* string = Run("'a\\ud83d' + '\\u20ac'.repeat(20) + '\\ude00'");
  size_t length = cleat__string_wtf8_length(engine, string);
  std::string out(length + 1, '#');
  cleat__string_write_wtf8(engine, string, &out[0], true);
  std::string euros;
  for (int i = 0; i < 20; i++) euros += "\xE2\x82\xAC";
  EXPECT_EQ(out, "a\xEF\xBF\xBD" + euros + "\xEF\xBF\xBD#");
}

TEST_F(StringTest, Latin1AndUtf16Travel) {
  const uint8_t latin1[] = {0, 0x41, 0xE9, 0xFF};
  CleatValue* string = cleat__string_latin1(engine, latin1, 4);
  EXPECT_EQ(Units(string), "0 41 e9 ff");
  EXPECT_TRUE(cleat__string_is_one_byte(string));
  uint8_t bytes[4];
  cleat__string_write_latin1(engine, string, bytes);
  EXPECT_EQ(memcmp(bytes, latin1, 4), 0);
  const uint16_t units[] = {0x20AC, 0xD83D, 0, 0x41};
  string = cleat__string_utf16(engine, units, 4);
  EXPECT_EQ(Units(string), "20ac d83d 0 41");
  EXPECT_EQ(cleat__string_length(string), 4u);
  uint16_t back[4];
  cleat__string_write_utf16(engine, string, back);
  EXPECT_EQ(memcmp(back, units, sizeof(units)), 0);
  cleat__string_write_latin1(engine, string, bytes);
  EXPECT_EQ(bytes[0], 0xAC);
  EXPECT_EQ(Units(cleat__string_utf16(engine, nullptr, 0)), "");
  EXPECT_EQ(Units(cleat__string_latin1(engine, nullptr, 0)), "");
  EXPECT_EQ(Units(cleat__string_wtf8(engine, nullptr, 0)), "");
}

TEST_F(StringTest, OneByteIsKnownOrLookedFor) {
  EXPECT_TRUE(cleat__string_is_one_byte(Run("'\xC3\xA9'")));
  CleatValue* wide = Run("('\\u20acabcdefghijklmnopq').slice(1)");
  EXPECT_FALSE(cleat__string_is_one_byte(wide));
  EXPECT_TRUE(cleat__string_contains_only_one_byte(wide));
  EXPECT_FALSE(cleat__string_contains_only_one_byte(Run("'\\u20ac'")));
}

TEST_F(StringTest, TooLongIsARangeError) {
  static char byte = 'x';
  const size_t too_long = size_t{1} << 29;
  auto caught = [&](auto make) { return Try([&] { EXPECT_EQ(make(), nullptr); }).value; };
  const std::string expected = "RangeError: Invalid string length";
  EXPECT_EQ(caught([&] { return cleat__string_latin1(engine, reinterpret_cast<uint8_t*>(&byte), too_long); }),
            expected);
  EXPECT_EQ(caught([&] { return cleat__string_utf16(engine, reinterpret_cast<uint16_t*>(&byte), too_long); }),
            expected);
  EXPECT_EQ(caught([&] { return cleat__string_wtf8(engine, &byte, size_t{1} << 40); }), expected);
  EXPECT_EQ(TryRun("let s = 'x'; for (;;) s += s;").value, expected);
}

TEST_F(StringTest, InternedOnesAreTheSameByContent) {
  char buffer[16] = "name";
  CleatValue* first = cleat__interned(engine, buffer);
  EXPECT_EQ(first, cleat__interned(engine, "name"));
  memcpy(buffer, "other", 6);
  EXPECT_EQ(TextOf(cleat__interned(engine, buffer)), "other");
  EXPECT_EQ(TextOf(cleat__interned(engine, "name")), "name");
  std::vector<std::string> names;
  for (int i = 0; i < 2000; i++) names.push_back("key" + std::to_string(i));
  for (int round = 0; round < 2; round++) {
    for (const std::string& name : names) EXPECT_EQ(TextOf(cleat__interned(engine, name.c_str())), name);
    cleat__collect_garbage(engine);
  }
  EXPECT_EQ(TextOf(cleat__interned(engine, "\xE9")), "\xC3\xA9");
}

}  // namespace
