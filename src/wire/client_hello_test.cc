#include "wire/client_hello.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/limits.h"

namespace sallyport::wire {
namespace {

using Bytes = std::vector<std::uint8_t>;
using State = ClientHelloReader::State;

// What OpenSSL's client says first.
Bytes openssl_hello(const std::string& host) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), SSL_free);
  BIO* out = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), out);
  if (!host.empty()) {
    // SSL_set_tlsext_host_name without its C cast.
    std::string name = host;
    SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  }
  SSL_connect(ssl.get());
  Bytes hello(static_cast<std::size_t>(BIO_pending(out)));
  BIO_read(out, hello.data(), static_cast<int>(hello.size()));
  return hello;
}

void put(Bytes& out, std::size_t value, int width) {
  for (int shift = 8 * (width - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void append(Bytes& out, const Bytes& more) { out.insert(out.end(), more.begin(), more.end()); }

Bytes vector_of(const Bytes& content, int width) {
  Bytes out;
  put(out, content.size(), width);
  append(out, content);
  return out;
}

Bytes name_entry(std::uint8_t type, const std::string& host) {
  Bytes out{type};
  append(out, vector_of(Bytes(host.begin(), host.end()), 2));
  return out;
}

Bytes extension(std::size_t type, const Bytes& data) {
  Bytes out;
  put(out, type, 2);
  append(out, vector_of(data, 2));
  return out;
}

Bytes server_name(const Bytes& entries) { return extension(0, vector_of(entries, 2)); }

// A handshake message with the given extensions block, length prefix included; nothing for none at all.
Bytes message(const Bytes& extensions_block) {
  Bytes body{3, 3};
  body.resize(2 + 32, 0xab);
  append(body, {0});                 // session id
  append(body, {0, 2, 0x13, 0x01});  // cipher suites
  append(body, {1, 0});              // compression
  append(body, extensions_block);
  Bytes out{1};
  append(out, vector_of(body, 3));
  return out;
}

Bytes records(const Bytes& handshake, std::size_t fragment) {
  Bytes out;
  for (std::size_t at = 0; at < handshake.size(); at += fragment) {
    const std::size_t size = std::min(fragment, handshake.size() - at);
    append(out, {22, 3, 1});
    put(out, size, 2);
    out.insert(out.end(), handshake.begin() + static_cast<std::ptrdiff_t>(at),
               handshake.begin() + static_cast<std::ptrdiff_t>(at + size));
  }
  return out;
}

Bytes hello_with(const Bytes& extensions) { return records(message(vector_of(extensions, 2)), 16'384); }

ClientHelloReader read(const Bytes& bytes) {
  ClientHelloReader reader;
  reader.feed(bytes);
  return reader;
}

TEST(ClientHello, NamesTheHostOfARealClient) {
  const auto reader = read(openssl_hello("ABC.gr1.us-east-1.eks.sallyport.internal"));
  ASSERT_EQ(reader.state(), State::kComplete) << reader.problem();
  EXPECT_EQ(reader.server_name(), "ABC.gr1.us-east-1.eks.sallyport.internal");
}

TEST(ClientHello, OfARealClientMayNameNobody) {
  const auto reader = read(openssl_hello(""));
  ASSERT_EQ(reader.state(), State::kComplete) << reader.problem();
  EXPECT_FALSE(reader.server_name());
}

TEST(ClientHello, MayHaveNoExtensions) {
  const auto reader = read(records(message({}), 16'384));
  EXPECT_EQ(reader.state(), State::kComplete) << reader.problem();
  EXPECT_FALSE(reader.server_name());
}

TEST(ClientHello, EveryShorterPieceNeedsMore) {
  const Bytes hello = openssl_hello("a.example");
  for (std::size_t size = 0; size < hello.size(); ++size) {
    ClientHelloReader reader;
    ASSERT_EQ(reader.feed(std::span(hello).first(size)), State::kNeedsMore) << size << ": " << reader.problem();
    ASSERT_FALSE(reader.server_name());
  }
}

TEST(ClientHello, MayBeSpreadOverRecordsOfOneByte) {
  const auto reader = read(records(message(vector_of(server_name(name_entry(0, "a.example")), 2)), 1));
  ASSERT_EQ(reader.state(), State::kComplete) << reader.problem();
  EXPECT_EQ(reader.server_name(), "a.example");
}

TEST(ClientHello, WhatFollowsItIsNotLookedAt) {
  Bytes hello = hello_with(server_name(name_entry(0, "a.example")));
  append(hello, {0xff, 0xff, 0xff});
  EXPECT_EQ(read(hello).state(), State::kComplete);
}

TEST(ClientHello, NamesOfOtherTypesAreSkipped) {
  Bytes entries = name_entry(7, "other");
  append(entries, name_entry(0, "a.example"));
  EXPECT_EQ(read(hello_with(server_name(entries))).server_name(), "a.example");
}

struct Broken {
  std::string problem;
  Bytes bytes;
};

TEST(ClientHello, BrokenOnesSayWhy) {
  Bytes twice = server_name(name_entry(0, "a.example"));
  append(twice, server_name(name_entry(0, "b.example")));
  Bytes two_names = name_entry(0, "a.example");
  append(two_names, name_entry(0, "b.example"));
  Bytes trailing = message(vector_of({}, 2));
  trailing[3] = static_cast<std::uint8_t>(trailing[3] + 1);
  trailing.push_back(0);
  const std::vector<Broken> cases = {
      {"not a TLS handshake", {'G', 'E', 'T', ' ', '/'}},
      {"not a TLS handshake", {0x80, 0x2e, 1}},
      {"not a TLS handshake", {23, 3, 3, 0, 1, 1}},
      {"unknown record version", {22, 2, 0, 0, 4, 1}},
      {"empty record", {22, 3, 1, 0, 0}},
      {"record is over 16 KiB", {22, 3, 1, 0x40, 0x01}},
      {"not a ClientHello", {22, 3, 1, 0, 4, 2, 0, 0, 0}},
      {"ClientHello is over 16 KiB", {22, 3, 1, 0x40, 0, 1, 0x01, 0, 0}},
      {"ClientHello is cut short", {22, 3, 1, 0, 4, 1, 0, 0, 0}},
      {"server_name does not decode", hello_with(extension(0, {}))},
      {"server_name does not decode", hello_with(extension(0, {0, 0}))},
      {"server_name does not decode", hello_with(extension(0, {0, 4, 0, 0, 9, 'a'}))},
      {"an extension is cut short", hello_with({0, 0, 0, 9, 0})},
      {"host name is empty or over 255 bytes", hello_with(server_name(name_entry(0, "")))},
      {"host name is empty or over 255 bytes", hello_with(server_name(name_entry(0, std::string(256, 'a'))))},
      {"host name is not printable ASCII", hello_with(server_name(name_entry(0, "a\nb")))},
      {"host name is not printable ASCII", hello_with(server_name(name_entry(0, std::string("a\0b", 3))))},
      {"two server_name extensions", hello_with(twice)},
      {"server_name has two host names", hello_with(server_name(two_names))},
      {"extensions do not fill the ClientHello", records(trailing, 16'384)},
  };
  for (const Broken& broken : cases) {
    const auto reader = read(broken.bytes);
    EXPECT_EQ(reader.state(), State::kInvalid) << broken.problem;
    EXPECT_EQ(reader.problem(), broken.problem);
    EXPECT_FALSE(reader.server_name());
  }
}

TEST(ClientHello, OfSixteenKibibytesIsReadAndOneMoreIsNot) {
  const std::size_t fixed = hello_with(extension(21, {})).size();
  const Bytes largest = hello_with(extension(21, Bytes(base::limits::kClientHelloBytes - fixed)));
  ASSERT_EQ(largest.size(), base::limits::kClientHelloBytes);
  EXPECT_EQ(read(largest).state(), State::kComplete) << read(largest).problem();
  const auto over = read(hello_with(extension(21, Bytes(base::limits::kClientHelloBytes - fixed + 1))));
  EXPECT_EQ(over.state(), State::kInvalid);
  EXPECT_EQ(over.problem(), "ClientHello is over 16 KiB");
}

TEST(ClientHello, RecordHeadersCountTowardsTheLimit) {
  // 6,000 bytes in records of one: 36,000 on the wire.
  EXPECT_EQ(read(records(message(vector_of(extension(21, Bytes(6'000)), 2)), 1)).state(), State::kInvalid);
}

TEST(ClientHello, StaysInvalid) {
  ClientHelloReader reader;
  const Bytes nonsense{0};
  reader.feed(nonsense);
  EXPECT_EQ(reader.feed(openssl_hello("a.example")), State::kInvalid);
}

RC_GTEST_PROP(ClientHelloProperty, PiecesDoNotMatter, ()) {
  static const Bytes kMessage = message(vector_of(server_name(name_entry(0, "a.example")), 2));
  const Bytes hello = records(kMessage, *rc::gen::inRange<std::size_t>(1, 100));
  ClientHelloReader reader;
  for (std::size_t at = 0; at < hello.size();) {
    const std::size_t size = std::min(*rc::gen::inRange<std::size_t>(1, 60), hello.size() - at);
    reader.feed(std::span(hello).subspan(at, size));
    at += size;
  }
  RC_ASSERT(reader.state() == State::kComplete);
  RC_ASSERT(reader.server_name() == std::optional<std::string>("a.example"));
}

RC_GTEST_PROP(ClientHelloProperty, AFlippedByteGivesTheSameAnswerWholeOrInPieces, ()) {
  Bytes hello = hello_with(server_name(name_entry(0, "a.example")));
  hello[*rc::gen::inRange<std::size_t>(0, hello.size())] = *rc::gen::arbitrary<std::uint8_t>();
  ClientHelloReader pieces;
  for (const std::uint8_t byte : hello)
    pieces.feed(std::span(&byte, 1));
  const ClientHelloReader whole = read(hello);
  RC_ASSERT(whole.state() == pieces.state());
  RC_ASSERT(whole.server_name() == pieces.server_name());
  RC_ASSERT(whole.problem() == pieces.problem());
}

}  // namespace
}  // namespace sallyport::wire
