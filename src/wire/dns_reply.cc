#include "wire/dns_reply.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "wire/dns_reader.h"
#include "wire/dns_writer.h"

namespace sallyport::wire {

namespace {

constexpr std::size_t kFlagsAt = 2;
constexpr std::size_t kAnswersAt = 6;
constexpr std::size_t kAuthoritiesAt = 8;
constexpr std::size_t kAdditionalsAt = 10;
constexpr std::size_t kQuestionTail = 4;  // type and class

std::size_t question_end(const DnsQuestion& question) {
  return kDnsHeaderBytes + question.name.wire().size() + kQuestionTail;
}

// A question never is compressed, there being no name before it: its bytes have the length of ours.
bool read_question(DnsReader& reader, const DnsQuestion& asked) {
  const auto name = reader.name();
  const auto type = name ? reader.u16() : std::nullopt;
  const auto klass = type ? reader.u16() : std::nullopt;
  return klass && name->same_as(asked.name) && static_cast<DnsType>(*type) == asked.type &&
         static_cast<DnsClass>(*klass) == asked.klass;
}

// The options but COOKIE, which is between that server and us.
std::optional<std::vector<std::uint8_t>> options_but_cookie(std::span<const std::uint8_t> data) {
  std::vector<std::uint8_t> kept;
  DnsReader reader(data);
  while (!reader.at_end()) {
    const std::size_t start = reader.offset();
    const auto code = reader.u16();
    const auto length = code ? reader.u16() : std::nullopt;
    if (!length || !reader.bytes(*length)) return std::nullopt;
    if (*code == kDnsCookieOption) continue;
    const auto option = data.subspan(start, reader.offset() - start);
    kept.insert(kept.end(), option.begin(), option.end());
  }
  return kept;
}

// A server that did not understand the query may leave the question out.
bool may_lack_question(DnsRcode rcode) {
  return rcode == DnsRcode::kFormErr || rcode == DnsRcode::kNotImp || rcode == DnsRcode::kServFail ||
         rcode == DnsRcode::kRefused;
}

}  // namespace

std::optional<DnsReply> parse_dns_reply(std::span<const std::uint8_t> message, const DnsQuery& asked) {
  DnsReader reader(message);
  const auto header = reader.header();
  if (!header || header->id != asked.id || (header->flags & dns_flags::kResponse) == 0) return std::nullopt;
  if (((header->flags >> dns_flags::kOpcodeShift) & 0xf) != kDnsOpcodeQuery) return std::nullopt;

  DnsReply reply;
  reply.rcode = static_cast<DnsRcode>(header->flags & dns_flags::kRcodeMask);
  reply.truncated = (header->flags & dns_flags::kTruncated) != 0;
  if (header->questions == 0 && may_lack_question(reply.rcode)) return reply;
  if (header->questions != 1 || !read_question(reader, asked.question)) return std::nullopt;

  for (std::size_t left = std::size_t{header->answers} + header->authorities; left > 0; --left) {
    if (!reader.record()) return std::nullopt;
  }
  std::size_t end = message.size();
  std::size_t kept = header->additionals;
  for (std::size_t i = 0; i < header->additionals; ++i) {
    const auto record = reader.record();
    if (!record) return std::nullopt;
    if (static_cast<DnsType>(record->type) != DnsType::kOpt || kept != header->additionals) continue;
    auto options = options_but_cookie(record->data);
    if (!options) return std::nullopt;
    reply.options = std::move(*options);
    reply.rcode = static_cast<DnsRcode>(static_cast<unsigned>(reply.rcode) | record->ttl >> 24 << 4);
    end = record->start;
    kept = i;
  }
  if (kept == header->additionals) end = reader.offset();
  DnsWriter out;
  out.bytes(message.first(end));
  out.set_u16(kAdditionalsAt, static_cast<std::uint16_t>(kept));
  reply.message = std::move(out).take();
  return reply;
}

DnsEncoded pass_on_dns_reply(const DnsReply& reply, const DnsQuery& query, const std::optional<DnsOpt>& edns,
                             std::size_t max_bytes) {
  std::optional<DnsOpt> opt = edns;
  if (opt) opt->other_options = reply.options;
  const bool lacks_question = reply.message.empty();
  if (lacks_question || (!opt && static_cast<unsigned>(reply.rcode) > dns_flags::kRcodeMask)) {
    // Nothing to pass on but the code; one that needs EDNS says nothing to a client without it.
    DnsResponse bare = dns_response_to(query, 0);
    bare.recursion_available = true;
    bare.rcode = lacks_question ? reply.rcode : DnsRcode::kServFail;
    bare.edns = std::move(opt);
    return encode_dns_response(bare, max_bytes);
  }
  DnsWriter out;
  out.bytes(reply.message);
  unsigned flags = static_cast<unsigned>(reply.message[kFlagsAt]) << 8 | reply.message[kFlagsAt + 1];
  flags &= ~unsigned{dns_flags::kAuthoritative | dns_flags::kRecursionDesired};
  flags |= dns_flags::kRecursionAvailable | (query.recursion_desired ? dns_flags::kRecursionDesired : 0U);
  const std::size_t opt_size = opt ? opt->wire_size() : 0;
  bool truncated = reply.truncated;
  if (out.size() + opt_size > max_bytes) {
    truncated = true;
    flags |= dns_flags::kTruncated;
    out.shrink(question_end(query.question));
    if (opt) opt->other_options.clear();  // a client that comes back over TCP gets them
    for (const std::size_t count : {kAnswersAt, kAuthoritiesAt, kAdditionalsAt})
      out.set_u16(count, 0);
  }
  out.set_u16(0, query.id);
  out.set_u16(kFlagsAt, static_cast<std::uint16_t>(flags));
  out.set_bytes(kDnsHeaderBytes, base::as_bytes(query.question.name.wire()));
  if (opt) {
    const auto additionals = static_cast<std::uint16_t>(out.get_u16(kAdditionalsAt) + 1);
    out.set_u16(kAdditionalsAt, additionals);
    write_dns_opt(out, *opt, reply.rcode);
  }
  return {std::move(out).take(), truncated};
}

}  // namespace sallyport::wire
