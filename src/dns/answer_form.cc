#include "dns/answer_form.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "dns/answer.h"
#include "wire/dns_reader.h"

namespace sallyport::dns {

namespace {

constexpr std::size_t kBareOpt = 11;
constexpr std::size_t kOptionHeader = 4;

std::uint8_t* put_u16(std::uint8_t* at, std::size_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
  return at + 2;
}

std::uint8_t* put(std::uint8_t* at, std::span<const std::uint8_t> bytes) {
  return std::copy(bytes.begin(), bytes.end(), at);
}

struct Sample {
  wire::DnsResponse response;
  std::vector<std::uint8_t> message;
  std::size_t records_at = 0;

  std::span<const std::uint8_t> records() const { return std::span(message).subspan(records_at); }
};

std::optional<Sample> sample_of(const Zone& zone, const View& view, const policy::Answer& found, wire::DnsType type,
                                std::string_view label) {
  const auto name = zone.apex.child(label);
  if (!name) return std::nullopt;
  wire::DnsQuery query;
  query.question = {*name, type, wire::DnsClass::kIn};
  auto presented = present(zone, view, query, found);
  auto* response = std::get_if<wire::DnsResponse>(&presented);
  if (response == nullptr) return std::nullopt;
  auto encoded = wire::encode_dns_response(*response, wire::kDnsMaxMessageBytes);
  if (encoded.truncated) return std::nullopt;
  return Sample{std::move(*response), std::move(encoded.bytes), wire::kDnsHeaderBytes + name->wire().size() + 4};
}

}  // namespace

// What moves by one when the question grows by one byte in front of the apex is what points there.
std::optional<AnswerForm> form_of(const Zone& zone, const View& view, const policy::Answer& found, wire::DnsType type) {
  const auto sample = sample_of(zone, view, found, type, "x");
  const auto longer = sample_of(zone, view, found, type, "xx");
  if (!sample || !longer || sample->records().size() != longer->records().size()) return std::nullopt;
  AnswerForm form;
  form.flags = static_cast<std::uint16_t>(sample->message[2] << 8 | sample->message[3]);
  form.answers = static_cast<std::uint16_t>(sample->response.answers.size());
  form.authorities = static_cast<std::uint16_t>(sample->response.authorities.size());
  form.rcode = sample->response.rcode;
  form.records.assign(sample->records().begin(), sample->records().end());
  for (std::size_t i = 1; i < form.records.size(); ++i) {
    if (form.records[i] != longer->records()[i]) form.apex_pointers.push_back(static_cast<std::uint16_t>(i - 1));
  }
  return form;
}

ReadyAnswer ready_answer(const AnswerForm& form, const wire::DnsQueryView& query, std::size_t apex_at,
                         const std::optional<wire::DnsCookieMint::Reply>& cookie, std::size_t max_bytes) {
  ReadyAnswer ready{&form, query, cookie, apex_at, false};
  ready.truncated = ready.size() > max_bytes;
  return ready;
}

std::size_t ReadyAnswer::size() const {
  const std::size_t opt = !query.edns ? 0 : kBareOpt + (cookie ? kOptionHeader + cookie->size() : 0);
  return wire::kDnsHeaderBytes + query.question.size() + (truncated ? 0 : form->records.size()) + opt;
}

void ReadyAnswer::write(std::span<std::uint8_t> out) const {
  namespace flags = wire::dns_flags;
  std::uint8_t* at = put_u16(out.data(), query.id);
  at = put_u16(at, form->flags | (query.recursion_desired ? unsigned{flags::kRecursionDesired} : 0U) |
                       (query.checking_disabled ? unsigned{flags::kCheckingDisabled} : 0U) |
                       (truncated ? unsigned{flags::kTruncated} : 0U));
  at = put_u16(at, 1);
  at = put_u16(at, truncated ? 0 : form->answers);
  at = put_u16(at, truncated ? 0 : form->authorities);
  at = put_u16(at, query.edns ? 1 : 0);
  at = put(at, query.question);
  if (!truncated) {
    std::uint8_t* const records = at;
    at = put(at, form->records);
    for (const std::size_t pointer : form->apex_pointers)
      put_u16(records + pointer, 0xc000U | apex_at);
  }
  if (!query.edns) return;
  *at++ = 0;
  at = put_u16(at, static_cast<std::uint16_t>(wire::DnsType::kOpt));
  at = put_u16(at, base::limits::kDnsUdpAnswerBytes);
  at = put_u16(at, 0);
  at = put_u16(at, query.dnssec_ok ? flags::kEdnsDnssecOk : 0);
  at = put_u16(at, cookie ? kOptionHeader + cookie->size() : 0);
  if (!cookie) return;
  at = put_u16(at, wire::kDnsCookieOption);
  at = put_u16(at, cookie->size());
  put(at, *cookie);
}

}  // namespace sallyport::dns
