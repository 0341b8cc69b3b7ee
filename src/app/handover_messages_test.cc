#include "app/handover_messages.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"

namespace sallyport::app::handover {
namespace {

const gateway::Relay kRelay{.id = 0x0102030405060708,
                            .cluster = model::ClusterName("prod"),
                            .endpoint = model::EndpointId("0123456789ABCDEF0123456789ABCDEF"),
                            .listener = "gateway public 192.0.2.1:443",
                            .source = base::IpAddress::v4(0xC0000207)};

std::vector<Message> samples() {
  return {Take{},
          Refused{"not now"},
          Offered{{"lock", "gateway public 192.0.2.1:443", ""}, true},
          Yielded{},
          Serving{},
          Passed{"gateway public 192.0.2.1:443", {kRelay.source, 50'000}, true, {22, 3, 1, 0}},
          Released{},
          AskRelays{},
          Relays{{kRelay, kRelay}, false},
          Cut{{1, UINT64_MAX}},
          CutDone{2, 3},
          Leave{}};
}

TEST(HandoverMessages, EveryKindComesBackAsItWas) {
  const auto all = samples();
  ASSERT_EQ(all.size(), std::variant_size_v<Message>);
  for (std::size_t kind = 0; kind < all.size(); ++kind) {
    ASSERT_EQ(all[kind].index(), kind);
    const auto back = decode(encode(all[kind]));
    ASSERT_TRUE(back) << kind << back.error().message;
    EXPECT_EQ(*back, all[kind]) << kind;
  }
}

TEST(HandoverMessages, NoPartOfAMessageIsAMessage) {
  for (const Message& message : samples()) {
    auto bytes = encode(message);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_FALSE(decode(std::span(bytes).first(size)));
    bytes.push_back(0);
    EXPECT_FALSE(decode(bytes));
    bytes[3] = static_cast<std::uint8_t>(bytes[3] + 1);  // the length that it now has
    EXPECT_FALSE(decode(bytes)) << message.index();
  }
}

TEST(HandoverMessages, AnotherVersionIsSaidToBeOne) {
  auto bytes = encode(Take{});
  bytes[5] = kVersion + 1;
  const auto refused = decode(bytes);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kInvalidRequest);
}

TEST(HandoverMessages, ACountOfMoreThanIsThereIsRefusedBeforeItIsReserved) {
  auto bytes = encode(Cut{{1}});
  for (std::size_t i = 7; i < 11; ++i)
    bytes[i] = 0xff;
  EXPECT_FALSE(decode(bytes));
}

TEST(HandoverMessages, TheLargestMessagesFit) {
  gateway::Relay largest = kRelay;
  largest.cluster = model::ClusterName(std::string(100, 'c'));
  largest.listener = "gateway private [2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:65535 " + std::string(15, 'd');
  const std::vector<gateway::Relay> relays(base::limits::kHandoverRelays, largest);
  EXPECT_LE(encode(Relays{relays, true}).size(), base::limits::kHandoverMessageBytes);
  EXPECT_LE(encode(Cut{std::vector<std::uint64_t>(base::limits::kHandoverCuts)}).size(),
            base::limits::kHandoverMessageBytes);
  Passed passed{largest.listener, {}, false, std::vector<std::uint8_t>(2 * base::limits::kClientHelloBytes)};
  EXPECT_LE(encode(passed).size(), base::limits::kHandoverMessageBytes);
}

RC_GTEST_PROP(HandoverMessagesProperty, AnyBytesAreRefusedOrEncodeAsTheyCame, (std::vector<std::uint8_t> body)) {
  std::vector<std::uint8_t> bytes{0, 0, 0, 0, 0, kVersion};
  bytes.insert(bytes.end(), body.begin(), body.end());
  const std::size_t length = bytes.size() - 4;
  bytes[2] = static_cast<std::uint8_t>(length >> 8);
  bytes[3] = static_cast<std::uint8_t>(length);
  if (!body.empty()) bytes[6] = static_cast<std::uint8_t>(body[0] % std::variant_size_v<Message>);
  const auto message = decode(bytes);
  if (message) RC_ASSERT(encode(*message) == bytes);
}

}  // namespace
}  // namespace sallyport::app::handover
