#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/strong.h"
#include "store/codec_fields.h"
#include "store/codec_fields_identity.h"
#include "store/codec_fields_network.h"

// Arbitrary values of everything that is stored: any UTF-8 text, any address, any enumerator. Entities are filled
// member by member as codec_fields.h names them.
namespace sallyport::store::any {

namespace gen = rc::gen;

template <class T>
T value();

template <class T>
T one_of(std::vector<T> choices) {
  return *gen::elementOf(std::move(choices));
}

inline void fill(bool& to) { to = *gen::arbitrary<bool>(); }
inline void fill(std::int32_t& to) {
  using Range = std::numeric_limits<std::int32_t>;
  to = *gen::oneOf(gen::arbitrary<std::int32_t>(), gen::element(-1, Range::min(), Range::max()));
}
inline void fill(std::uint64_t& to) { to = *gen::arbitrary<std::uint64_t>(); }

inline void fill(std::string& to) {
  static const std::vector<std::string> pieces = {"a",
                                                  "Z",
                                                  "0",
                                                  "-",
                                                  "/",
                                                  "\"",
                                                  "\\",
                                                  "\n",
                                                  "é",
                                                  "漢",
                                                  "🚪",
                                                  " ",
                                                  "{",
                                                  "]",
                                                  ":",
                                                  "arn:aws:",
                                                  std::string(1, '\0'),
                                                  "\x7f"};
  to.clear();
  for (const std::string& piece : *gen::container<std::vector<std::string>>(gen::elementOf(pieces)))
    to += piece;
}

template <class Tag>
void fill(base::StrongString<Tag>& to) {
  to = base::StrongString<Tag>(value<std::string>());
}

inline void fill(model::Revision& to) { to = model::Revision(value<std::uint64_t>()); }

inline void fill(base::Time& to) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  to = base::Time(base::Millis(*gen::oneOf(gen::inRange<std::int64_t>(0, 4'102'444'800'000),
                                           gen::elementOf(std::vector<std::int64_t>{-kMost - 1, -1, 0, kMost}))));
}

inline void fill(base::IpAddress& to) {
  if (value<bool>()) {
    to = base::IpAddress::v4(*gen::arbitrary<std::uint32_t>());
    return;
  }
  base::IpAddress::Octets octets{};
  for (std::uint8_t& octet : octets)
    octet = *gen::arbitrary<std::uint8_t>();
  to = base::IpAddress::v6(octets);
}

inline void fill(base::SocketAddress& to) { to = {value<base::IpAddress>(), *gen::arbitrary<std::uint16_t>()}; }

inline void fill(model::Cidr& to) { to = model::Cidr::of(value<base::IpAddress>(), *gen::inRange<unsigned>(0, 129)); }

inline void fill(model::ClusterStatus& to) {
  using enum model::ClusterStatus;
  to = one_of<model::ClusterStatus>({kCreating, kActive, kUpdating, kDeleting, kFailed});
}
inline void fill(model::AuthenticationMode& to) {
  using enum model::AuthenticationMode;
  to = one_of<model::AuthenticationMode>({kApi, kApiAndConfigMap, kConfigMap});
}
inline void fill(model::LogType& to) {
  using enum model::LogType;
  to = one_of<model::LogType>({kApi, kAudit, kAuthenticator, kControllerManager, kScheduler});
}
inline void fill(model::UpdateStatus& to) {
  using enum model::UpdateStatus;
  to = one_of<model::UpdateStatus>({kInProgress, kSuccessful, kFailed, kCancelled});
}
inline void fill(model::UpdateStep& to) {
  using enum model::UpdateStep;
  to = one_of<model::UpdateStep>({kStored, kPublished, kRollingBack, kDone});
}

template <class T>
void fill(std::optional<T>& to) {
  to.reset();
  if (value<bool>()) to = value<T>();
}

template <class T>
void fill(std::vector<T>& to) {
  to.clear();
  for (int left = *gen::inRange(0, 4); left > 0; --left)
    to.push_back(value<T>());
}

template <class T>
void fill(std::set<T>& to) {
  const auto elements = value<std::vector<T>>();
  to = {elements.begin(), elements.end()};
}

template <class T>
void fill(std::map<std::string, T>& to) {
  to.clear();
  for (const std::string& key : value<std::vector<std::string>>())
    to[key] = value<T>();
}

inline void fill(model::CidrSet& to) { to = model::CidrSet(value<std::vector<model::Cidr>>()); }

inline void fill(model::Change& to) {
  switch (*gen::inRange(0, 5)) {
    case 0: to = value<model::AccessChange>(); break;
    case 1: to = value<model::VpcConfigChange>(); break;
    case 2: to = value<model::LoggingChange>(); break;
    case 3: to = value<model::AuthenticationModeChange>(); break;
    default: to = value<model::DeletionProtectionChange>();
  }
}

struct Filler {
  template <class T>
  void operator()(const char*, T& member) {
    member = value<T>();
  }
};

template <class T>
  requires requires(Filler& filler, T& to) { fields(filler, to); }
void fill(T& to) {
  Filler filler;
  fields(filler, to);
}

template <class T>
T value() {
  T made{};
  fill(made);
  return made;
}

}  // namespace sallyport::store::any
