#include "wire/aead.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace sallyport::wire {
namespace {

template <std::size_t kSize>
std::array<std::uint8_t, kSize> counting(std::uint8_t first) {
  std::array<std::uint8_t, kSize> made{};
  for (std::uint8_t& byte : made)
    byte = first++;
  return made;
}

const AeadKey kKey = counting<kAeadKeyBytes>(0);
const AeadNonce kNonce = counting<kAeadNonceBytes>(100);

// Test Case 14 of the GCM specification (McGrew and Viega): a key, nonce and block of zeros.
TEST(Aead, KnownAnswer) {
  const std::string sealed = aead_seal(AeadKey{}, AeadNonce{}, std::string(16, '\0'), "");
  EXPECT_EQ(base::to_hex(base::as_bytes(sealed)), "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
}

TEST(Aead, OpensWhatItSealed) {
  for (const std::string& plain : {std::string(), std::string("a"), std::string(1000, 'x')}) {
    const std::string sealed = aead_seal(kKey, kNonce, plain, "for one");
    EXPECT_EQ(sealed.size(), plain.size() + kAeadTagBytes);
    EXPECT_EQ(aead_open(kKey, kNonce, sealed, "for one"), plain);
  }
}

TEST(Aead, OpensNothingElse) {
  const std::string sealed = aead_seal(kKey, kNonce, "secret", "for one");
  EXPECT_FALSE(aead_open(counting<kAeadKeyBytes>(1), kNonce, sealed, "for one"));
  EXPECT_FALSE(aead_open(kKey, counting<kAeadNonceBytes>(1), sealed, "for one"));
  EXPECT_FALSE(aead_open(kKey, kNonce, sealed, "for another"));
  EXPECT_FALSE(aead_open(kKey, kNonce, sealed, ""));
  for (std::size_t i = 0; i < sealed.size() * 8; ++i) {
    std::string damaged = sealed;
    damaged[i / 8] = static_cast<char>(damaged[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(aead_open(kKey, kNonce, damaged, "for one")) << i;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_FALSE(aead_open(kKey, kNonce, sealed.substr(0, size), "for one")) << size;
}

}  // namespace
}  // namespace sallyport::wire
