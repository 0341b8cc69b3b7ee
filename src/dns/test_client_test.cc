#include "dns/test_client.h"

#include <gtest/gtest.h>
#include <ldns/ldns.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <future>
#include <random>
#include <thread>
#include <utility>

#include "dns/sockets.h"

namespace sallyport::dns::test {

namespace {

constexpr int kTick = 20;  // milliseconds between looks at the stop flag

std::string as_line(ldns_rr* record) {
  char* raw = ldns_rr2str(record);
  std::string text(raw);
  LDNS_FREE(raw);
  std::ranges::replace(text, '\t', ' ');
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text;
}

std::vector<std::string> lines_of(const ldns_rr_list* records) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
    lines.push_back(as_line(ldns_rr_list_rr(records, i)));
  }
  return lines;
}

base::Descriptor connected(const base::SocketAddress& server, int type, base::Millis limit) {
  const KernelAddress kernel = KernelAddress::of(server);
  base::Descriptor socket(::socket(kernel.storage.ss_family, type | SOCK_CLOEXEC, 0));
  const timeval patience{limit.count() / 1000, limit.count() % 1000 * 1000};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&kernel.storage), kernel.size), 0)
      << server.to_string();
  return socket;
}

std::uint16_t random_port() {
  static std::mt19937 random(std::random_device{}());
  return static_cast<std::uint16_t>(std::uniform_int_distribution<int>(20'000, 32'000)(random));
}

Bytes framed(std::span<const std::uint8_t> message) {
  Bytes out = {static_cast<std::uint8_t>(message.size() >> 8), static_cast<std::uint8_t>(message.size())};
  out.insert(out.end(), message.begin(), message.end());
  return out;
}

}  // namespace

std::optional<Seen> read_answer(std::span<const std::uint8_t> message) {
  ldns_pkt* raw = nullptr;
  if (ldns_wire2pkt(&raw, message.data(), message.size()) != LDNS_STATUS_OK) return std::nullopt;
  const std::unique_ptr<ldns_pkt, decltype(&ldns_pkt_free)> packet(raw, ldns_pkt_free);
  Seen seen;
  seen.id = ldns_pkt_id(raw);
  char* rcode = ldns_pkt_rcode2str(ldns_pkt_get_rcode(raw));
  seen.rcode = rcode;
  LDNS_FREE(rcode);
  seen.aa = ldns_pkt_aa(raw);
  seen.tc = ldns_pkt_tc(raw);
  seen.ra = ldns_pkt_ra(raw);
  seen.rd = ldns_pkt_rd(raw);
  if (ldns_pkt_qdcount(raw) == 1) {
    char* name = ldns_rdf2str(ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_question(raw), 0)));
    seen.question = name;
    LDNS_FREE(name);
  }
  seen.answers = lines_of(ldns_pkt_answer(raw));
  seen.authorities = lines_of(ldns_pkt_authority(raw));
  seen.edns = ldns_pkt_edns(raw);
  seen.udp_size = ldns_pkt_edns_udp_size(raw);
  seen.extended_rcode = ldns_pkt_edns_extended_rcode(raw);
  seen.bytes = message.size();
  return seen;
}

UdpClient::UdpClient(const base::SocketAddress& server, base::Millis patience)
    : socket_(connected(server, SOCK_DGRAM, patience)) {}

void UdpClient::send(std::span<const std::uint8_t> message) const {
  ::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL);
}

std::optional<Bytes> UdpClient::receive() const {
  Bytes buffer(65'536);
  const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (got < 0) return std::nullopt;
  buffer.resize(static_cast<std::size_t>(got));
  return buffer;
}

std::optional<Seen> UdpClient::ask(std::span<const std::uint8_t> message) const {
  send(message);
  const auto reply = receive();
  return reply ? read_answer(*reply) : std::nullopt;
}

TcpClient::TcpClient(const base::SocketAddress& server) : socket_(connected(server, SOCK_STREAM, kPatience)) {}

bool TcpClient::send_raw(std::span<const std::uint8_t> bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
  return true;
}

bool TcpClient::send(std::span<const std::uint8_t> message) const { return send_raw(framed(message)); }

std::optional<Bytes> TcpClient::read_exactly(std::size_t count) const {
  Bytes bytes(count);
  for (std::size_t have = 0; have < count;) {
    const auto got = ::recv(socket_.get(), bytes.data() + have, count - have, 0);
    if (got <= 0) return std::nullopt;
    have += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::optional<Bytes> TcpClient::receive() const {
  const auto length = read_exactly(2);
  return length ? read_exactly(static_cast<std::size_t>((*length)[0]) << 8 | (*length)[1]) : std::nullopt;
}

std::optional<Seen> TcpClient::ask(std::span<const std::uint8_t> message) const {
  if (!send(message)) return std::nullopt;
  const auto reply = receive();
  return reply ? read_answer(*reply) : std::nullopt;
}

struct FakeResolver::State {
  AnswerFn answer;
  base::SocketAddress address;
  base::Descriptor udp;
  base::Descriptor tcp;
  std::atomic<bool> stop{false};
  std::thread thread;

  void run() const {
    while (!stop) {
      pollfd waiting[] = {{udp.get(), POLLIN, 0}, {tcp.get(), POLLIN, 0}};
      if (::poll(waiting, 2, kTick) <= 0) continue;
      if ((waiting[0].revents & POLLIN) != 0) serve_udp();
      if ((waiting[1].revents & POLLIN) != 0) serve_tcp();
    }
  }

  void serve_udp() const {
    Bytes query(4'096);
    KernelAddress from;
    from.size = sizeof from.storage;
    auto* sender = reinterpret_cast<sockaddr*>(&from.storage);
    const auto got = ::recvfrom(udp.get(), query.data(), query.size(), 0, sender, &from.size);
    if (got < 0) return;
    const Bytes reply = answer(std::span(query).first(static_cast<std::size_t>(got)), false);
    if (!reply.empty()) ::sendto(udp.get(), reply.data(), reply.size(), 0, sender, from.size);
  }

  void serve_tcp() const {
    const base::Descriptor client(::accept(tcp.get(), nullptr, nullptr));
    Bytes query(4'096);
    const auto got = ::recv(client.get(), query.data(), query.size(), 0);
    if (got < 2) return;
    const Bytes reply = framed(answer(std::span(query).subspan(2, static_cast<std::size_t>(got) - 2), true));
    ::send(client.get(), reply.data(), reply.size(), MSG_NOSIGNAL);
  }
};

FakeResolver::FakeResolver(AnswerFn answer) : state_(std::make_unique<State>()) {
  state_->answer = answer;
  for (int tries = 0; tries < 50 && state_->udp.get() < 0; ++tries) {
    state_->address = {base::IpAddress::v4(0x7f030001), random_port()};
    auto tcp = listen_tcp(state_->address);
    if (!tcp) continue;
    const KernelAddress kernel = KernelAddress::of(state_->address);
    base::Descriptor udp(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (::bind(udp.get(), reinterpret_cast<const sockaddr*>(&kernel.storage), kernel.size) != 0) continue;
    state_->tcp = std::move(*tcp);
    state_->udp = std::move(udp);
  }
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

FakeResolver::~FakeResolver() {
  state_->stop = true;
  state_->thread.join();
}

const base::SocketAddress& FakeResolver::address() const { return state_->address; }

std::unique_ptr<DnsServer> start_somewhere(DnsConfig& config) {
  for (int tries = 0; tries < 50; ++tries) {
    for (auto& listener : config.public_listeners)
      listener.port = random_port();
    for (auto& resolver : config.resolvers)
      resolver.bind.port = random_port();
    if (auto server = DnsServer::start(config)) return std::move(*server);
  }
  ADD_FAILURE() << "no free ports";
  return nullptr;
}

model::Acknowledgement apply(DnsServer& server, model::Snapshot snapshot) {
  std::promise<model::Acknowledgement> promise;
  auto future = promise.get_future();
  server.apply(std::make_shared<const model::Snapshot>(std::move(snapshot)),
               [&promise](model::Acknowledgement ack) { promise.set_value(std::move(ack)); });
  return future.get();
}

}  // namespace sallyport::dns::test
