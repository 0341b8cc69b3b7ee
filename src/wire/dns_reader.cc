#include "wire/dns_reader.h"

#include <utility>

namespace sallyport::wire {

std::optional<std::uint16_t> DnsReader::u16() {
  if (message_.size() - offset_ < 2) return std::nullopt;
  const auto value = static_cast<std::uint16_t>(message_[offset_] << 8 | message_[offset_ + 1]);
  offset_ += 2;
  return value;
}

std::optional<std::uint32_t> DnsReader::u32() {
  if (message_.size() - offset_ < 4) return std::nullopt;
  const std::uint32_t high = *u16();
  return high << 16 | *u16();
}

std::optional<DnsHeader> DnsReader::header() {
  DnsHeader header;
  for (std::uint16_t* field :
       {&header.id, &header.flags, &header.questions, &header.answers, &header.authorities, &header.additionals}) {
    const auto value = u16();
    if (!value) return std::nullopt;
    *field = *value;
  }
  return header;
}

std::optional<std::span<const std::uint8_t>> DnsReader::bytes(std::size_t count) {
  if (message_.size() - offset_ < count) return std::nullopt;
  offset_ += count;
  return message_.subspan(offset_ - count, count);
}

std::optional<DnsName> DnsReader::name() {
  std::size_t offset = offset_;
  auto name = DnsName::read(message_, offset);
  if (name) offset_ = offset;
  return name;
}

std::optional<DnsRecordView> DnsReader::record() {
  DnsRecordView record;
  record.start = offset_;
  auto owner = name();
  if (!owner) return std::nullopt;
  record.owner = std::move(*owner);
  const auto type = u16();
  const auto klass = u16();
  const auto ttl = u32();
  const auto length = u16();
  if (!type || !klass || !ttl || !length) return std::nullopt;
  const auto data = bytes(*length);
  if (!data) return std::nullopt;
  record.type = *type;
  record.klass = *klass;
  record.ttl = *ttl;
  record.data = *data;
  return record;
}

}  // namespace sallyport::wire
