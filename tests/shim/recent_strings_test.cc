// Short strings that are made again and again: found among the last ones, always right, and kept by nothing.

#include <cstring>

#include "fixture.h"

namespace {

class RecentStringsTest : public ShimTest {
 public:
  void SetUp() override {
    ShimTest::SetUp();
    MakeOthers(100);  // An engine that makes few strings keeps none.
  }

 protected:
  CleatValue* Latin1(const std::string& text) {
    return cleat__string_latin1(engine, reinterpret_cast<const uint8_t*>(text.data()), text.size());
  }

  // Asserts that the string has these Latin-1 characters, and no others.
  void ExpectLatin1(CleatValue* string, const std::string& text) {
    ASSERT_EQ(cleat__string_length(string), text.size());
    std::string out(text.size(), '#');
    cleat__string_write_latin1(engine, string, reinterpret_cast<uint8_t*>(&out[0]));
    EXPECT_EQ(out, text);
  }

  // Whether two handles are of one string, not just of equal ones.
  static bool AreOne(CleatValue* a, CleatValue* b) {
    return *reinterpret_cast<const uintptr_t*>(a) == *reinterpret_cast<const uintptr_t*>(b);
  }

  // Whether asking for a text gives the string that it has just given, with nothing held meanwhile.
  bool IsKept(const std::string& text) {
    CleatScope scope;
    cleat__scope_open(engine, &scope);
    CleatValue* first = Latin1(text);
    bool kept = AreOne(first, Latin1(text));
    cleat__scope_close(engine, &scope);
    return kept;
  }

  // Asks for a text until it is kept, or has been asked for too often.
  bool WillBeKept(const std::string& text) {
    for (int i = 0; i < 10000; i++) {
      if (IsKept(text)) return true;
    }
    return false;
  }

  void ExpectOften(const std::string& text) {
    CleatScope scope;
    cleat__scope_open(engine, &scope);
    for (int i = 0; i < 12; i++) ExpectLatin1(Latin1(text), text);
    cleat__scope_close(engine, &scope);
  }

  // Makes strings of which no two are alike.
  void MakeOthers(int count) {
    for (int i = 0; i < count; i++) {
      CleatScope scope;
      cleat__scope_open(engine, &scope);
      std::string text = "other " + std::to_string(others_++);
      ExpectLatin1(String(text), text);
      cleat__scope_close(engine, &scope);
    }
  }

  size_t HeapUsed() {
    cleat__collect_garbage(engine);
    CleatEngineStatistics statistics;
    cleat__statistics(engine, &statistics);
    return statistics.heap_used;
  }

 private:
  int others_ = 0;
};

TEST_F(RecentStringsTest, ShortOnesAreKeptFromTheSecondTimeOn) {
  for (size_t length : {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32}) {
    std::string text(length, 'k');
    CleatValue* first = Latin1(text);
    CleatValue* second = Latin1(text);
    CleatValue* third = String(text);
    EXPECT_TRUE(AreOne(second, third)) << length;
    for (CleatValue* string : {first, second, third}) ExpectLatin1(string, text);
  }
  std::string text(33, 'k');
  Latin1(text);
  Latin1(text);
  EXPECT_FALSE(AreOne(Latin1(text), Latin1(text)));
}

// At each length, texts that differ in one place, of which the first has been kept; bytes 0 and above 127 are among
// them.
TEST_F(RecentStringsTest, EachTextIsItsOwn) {
  for (size_t length = 0; length <= 40; length++) {
    std::string text;
    for (size_t i = 0; i < length; i++) text.push_back(static_cast<char>('A' + i));
    for (int i = 0; i < 3; i++) ExpectLatin1(Latin1(text), text);
    for (size_t at = 0; at < length; at++) {
      CleatScope scope;
      cleat__scope_open(engine, &scope);
      for (int change : {1, 0x20, 0x80, int{text[at]}}) {
        std::string other = text;
        other[at] = static_cast<char>(other[at] ^ change);
        for (int i = 0; i < 3; i++) ExpectLatin1(Latin1(other), other);
        ExpectLatin1(Latin1(text), text);
      }
      cleat__scope_close(engine, &scope);
    }
  }
}

// So often that they are kept, and that it pays: of so many, some come to be kept where others are.
TEST_F(RecentStringsTest, ThoseThatShareAPlaceAreToldApart) {
  for (size_t at : {0, 8, 16, 24}) {
    for (int i = 0; i < 1000; i++) {
      std::string text(32, '-');
      text.replace(at, 8, "a" + std::to_string(1000000 + i));
      ExpectOften(text);
    }
  }
}

TEST_F(RecentStringsTest, LengthsAreToldApart) {
  for (int byte = 0; byte < 256; byte++) {
    for (size_t length = 0; length <= 40; length++) ExpectOften(std::string(length, static_cast<char>(byte)));
  }
}

// The same bytes are other characters in UTF-8 than in Latin-1.
TEST_F(RecentStringsTest, Utf8AndLatin1AreToldApart) {
  const std::string bytes = "caf\xC3\xA9";
  for (int i = 0; i < 4; i++) {
    ExpectLatin1(Latin1(bytes), bytes);
    ExpectLatin1(String(bytes), "caf\xE9");
    ExpectLatin1(Latin1("caf\xE9"), "caf\xE9");
    EXPECT_EQ(TextOf(String("\xFF")), "\xEF\xBF\xBD");
    EXPECT_EQ(TextOf(String("\xE2\x82\xAC"
                            "abcd")),
              "\xE2\x82\xAC"
              "abcd");
    EXPECT_EQ(TextOf(String(std::string("a\0b", 3))), std::string("a\0b", 3));
  }
}

TEST_F(RecentStringsTest, NothingBeyondTheTextIsRead) {
  for (size_t length = 1; length <= 33; length++) {
    std::vector<char> exact(length, 'x');  // AddressSanitizer looks at both of its ends.
    for (int i = 0; i < 3; i++) {
      ExpectLatin1(cleat__string_wtf8(engine, exact.data(), length), std::string(length, 'x'));
    }
  }
}

TEST_F(RecentStringsTest, AreStringsAsOthersAre) {
  for (int i = 0; i < 3; i++) DefineGlobal("kept", String("a name"));
  EXPECT_TRUE(
      True("kept === 'a' + ' name' && ({ 'a name': 1 })[kept] === 1 && new Map([['a ' + 'name', 2]]).get(kept) === 2"));
  EXPECT_TRUE(True("kept.length === 6 && kept + '!' === 'a name!' && Object(kept) !== Object(kept)"));
}

TEST_F(RecentStringsTest, AreReturned) {
  Define("name", [](CleatCall* call) {
    int which = cleat__int32_value(cleat__arg(call, 0));
    std::string text = "name " + std::to_string(which);
    EXPECT_TRUE(which % 2 == 0
                    ? cleat__return_wtf8(call, text.data(), text.size())
                    : cleat__return_latin1(call, reinterpret_cast<const uint8_t*>(text.data()), text.size()));
  });
  EXPECT_TRUE(
      True("let right = true; for (let i = 0; i < 20000; i++) {"
           "  const which = i % 7 === 0 ? i : i % 600;"
           "  right = right && name(which) === 'name ' + which;"
           "} right"));
  Define("long_", [](CleatCall* call) {
    static char byte = 'x';
    EXPECT_FALSE(cleat__return_wtf8(call, &byte, size_t{1} << 40));
  });
  EXPECT_EQ(TryRun("long_()").value, "RangeError: Invalid string length");
  Define("wide", [](CleatCall* call) { EXPECT_TRUE(cleat__return_wtf8(call, "\xE2\x82\xAC", 3)); });
  EXPECT_EQ(Text("wide()"), "\xE2\x82\xAC");
}

// A handle stays what it is, whatever takes the place of its string among the last ones.
TEST_F(RecentStringsTest, HandlesOutliveThePlace) {
  std::vector<std::string> texts;
  std::vector<CleatValue*> handles;
  for (int i = 0; i < 2000; i++) texts.push_back("text " + std::to_string(i % 1000));
  for (const std::string& text : texts) {
    for (int i = 0; i < 3; i++) handles.push_back(String(text));
  }
  cleat__collect_garbage(engine);
  for (size_t i = 0; i < handles.size(); i++) ExpectLatin1(handles[i], texts[i / 3]);
}

TEST_F(RecentStringsTest, ACollectionTakesThem) {
  EXPECT_TRUE(WillBeKept("short life"));
  EXPECT_TRUE(WillBeKept("held by a script"));
  CleatScope scope;
  cleat__scope_open(engine, &scope);
  DefineGlobal("held", Latin1("held by a script"));
  cleat__scope_close(engine, &scope);
  EXPECT_TRUE(IsKept("short life"));
  cleat__collect_garbage(engine);
  EXPECT_FALSE(IsKept("short life"));
  EXPECT_TRUE(AreOne(Run("held"), Latin1("held by a script")));
  EXPECT_TRUE(WillBeKept("short life"));
}

// V8 has strings that no collection ever takes, for names of its own.
TEST_F(RecentStringsTest, MayBeThoseOfV8) {
  for (int round = 0; round < 3; round++) {
    for (const char* text : {"length", "prototype", "constructor", "a", "undefined", "Object", "Symbol.iterator"}) {
      EXPECT_TRUE(WillBeKept(text));
      ExpectOften(text);
    }
    cleat__collect_garbage(engine);
  }
  EXPECT_TRUE(WillBeKept("length"));
  EXPECT_TRUE(AreOne(String("length"), Run("'length'")));
}

TEST_F(RecentStringsTest, SurviveCollectionsInBetween) {
  for (int i = 0; i < 200; i++) {
    CleatScope scope;
    cleat__scope_open(engine, &scope);
    std::string text = "text " + std::to_string(i % 5);
    DefineGlobal("last", String(text));
    if (i % 3 == 0) cleat__collect_garbage(engine);
    EXPECT_EQ(Text("for (let k = 0; k < 1000; k++) [k]; last"), text);
    cleat__scope_close(engine, &scope);
  }
}

// Where no text comes again, there is nothing to find, and nothing that stays.
TEST_F(RecentStringsTest, OthersTakeNoMemory) {
  MakeOthers(1000);
  size_t before = HeapUsed();
  MakeOthers(100000);
  EXPECT_LT(HeapUsed(), before + 100000);
}

TEST_F(RecentStringsTest, AreFoundAgainAfterManyOthers) {
  EXPECT_TRUE(WillBeKept("again"));
  MakeOthers(20000);
  EXPECT_TRUE(WillBeKept("again"));
}

TEST_F(RecentStringsTest, EachEngineHasItsOwn) {
  EXPECT_TRUE(WillBeKept("mine"));
  std::string text = "mine";
  Close();
  Open({});
  EXPECT_FALSE(IsKept(text));
  ExpectLatin1(String(text), text);
}

}  // namespace
