#include "base/bytes.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sallyport::base {
namespace {

std::string base64(std::string_view text) { return to_base64(as_bytes(text)); }
std::string base64url(std::string_view text) { return to_base64url(as_bytes(text)); }

TEST(Bytes, HexIsLowerCase) {
  EXPECT_EQ(to_hex({}), "");
  EXPECT_EQ(to_hex(as_bytes(std::string_view("\x00\x7f\x80\xff\xa5", 5))), "007f80ffa5");
}

TEST(Bytes, Rfc4648Section10Vectors) {
  const std::vector<std::pair<std::string, std::string>> vectors = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, padded] : vectors) {
    EXPECT_EQ(base64(plain), padded);
    const std::string bare = padded.substr(0, padded.find('='));
    EXPECT_EQ(base64url(plain), bare);
    EXPECT_EQ(as_text(from_base64(padded).value()), plain);
    const auto back = from_base64url(bare);
    ASSERT_TRUE(back) << bare;
    EXPECT_EQ(as_text(*back), plain);
  }
}

TEST(Bytes, AlphabetsDifferInTwoCharacters) {
  EXPECT_EQ(base64("\xfb\xff\xfe"), "+//+");
  EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
}

TEST(Bytes, FromBase64urlIsStrict) {
  for (const char* bad :
       {"Zg==", "Zg=", "=", "Z", "Zm9vY", "Zm9v ", " Zm9v", "Zm\n9v", "+//+", "Zm9+", "Zm9/", "Zm9\x80", "Zm.v"}) {
    EXPECT_FALSE(from_base64url(bad)) << bad;
  }
  EXPECT_FALSE(from_base64url(std::string_view("Zm\0v", 4)));
  // Bits beyond the last byte must be zero, or one value has several texts.
  EXPECT_FALSE(from_base64url("Zh"));
  EXPECT_FALSE(from_base64url("Zm9"));
  EXPECT_TRUE(from_base64url("Zm8"));
}

TEST(Bytes, FromBase64IsStrict) {
  for (const char* bad : {"Zg", "Zg=", "Zg===", "Z===", "=", "====", "Zm9v====", "Zg==Zg==", "Zm9v ", "Zm\n9", "-__-",
                          "Zh==", "Zm9=", "Zm9vZ===", "Z=g="}) {
    EXPECT_FALSE(from_base64(bad)) << bad;
  }
}

RC_GTEST_PROP(Bytes, OneStandardTextForEachValue, (const std::string& text)) {
  const auto bytes = from_base64(text);
  if (bytes) RC_ASSERT(to_base64(*bytes) == text);
  RC_ASSERT(as_text(from_base64(to_base64(as_bytes(text))).value()) == text);
}

RC_GTEST_PROP(Bytes, Base64urlComesBack, (const std::vector<std::uint8_t>& bytes)) {
  const std::string text = to_base64url(bytes);
  RC_ASSERT(text.size() == (bytes.size() * 8 + 5) / 6);
  RC_ASSERT(from_base64url(text) == bytes);
}

RC_GTEST_PROP(Bytes, OneTextForEachValue, (const std::string& text)) {
  const auto bytes = from_base64url(text);
  if (bytes) RC_ASSERT(to_base64url(*bytes) == text);
}

RC_GTEST_PROP(Bytes, ConstantTimeEqualIsEqual, (const std::string& a, const std::string& b)) {
  RC_ASSERT(constant_time_equal(a, a));
  RC_ASSERT(constant_time_equal(a, b) == (a == b));
  if (a.empty()) return;
  std::string other = a;
  const auto at = *rc::gen::inRange<std::size_t>(0, a.size());
  other[at] = static_cast<char>(other[at] ^ (1 << *rc::gen::inRange(0, 8)));
  RC_ASSERT(!constant_time_equal(a, other));
}

TEST(Bytes, ConstantTimeEqualTellsLengthsApart) {
  EXPECT_TRUE(constant_time_equal("", ""));
  EXPECT_FALSE(constant_time_equal("a", ""));
  EXPECT_FALSE(constant_time_equal("secret", "secre"));
  EXPECT_FALSE(constant_time_equal(std::string_view("a\0", 2), "a"));
}

TEST(Bytes, CaseIsAsciiAlone) {
  EXPECT_EQ(ascii_lower("AZaz09@[`{É"), "azaz09@[`{É");
  std::string text = "AZaz";
  ascii_lower_in_place(text);
  EXPECT_EQ(text, "azaz");
  EXPECT_EQ(ascii_upper("AZaz09@[`{é"), "AZAZ09@[`{é");
  EXPECT_TRUE(ascii_iequals("Foo.EKS", "fOO.eks"));
  EXPECT_FALSE(ascii_iequals("foo", "fooo"));
  EXPECT_FALSE(ascii_iequals("é", "É"));
  EXPECT_FALSE(ascii_iequals("@", "`")) << "they differ in the case bit, but are no letters";
}

}  // namespace
}  // namespace sallyport::base
