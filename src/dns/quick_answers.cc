#include "dns/quick_answers.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"
#include "dns/answer.h"

namespace sallyport::dns {

namespace {

using policy::ResolveStatus;
using wire::DnsType;
using Bytes = std::vector<std::uint8_t>;
using Span = std::span<const std::uint8_t>;

constexpr std::size_t kIdDigits = 32;

Bytes lower_wire(const wire::DnsName& name) {
  const wire::DnsLowerName lower(base::as_bytes(name.wire()));
  return {lower.wire().begin(), lower.wire().end()};
}

bool ends_with(Span name, Span tail) {
  return name.size() >= tail.size() &&
         std::memcmp(name.data() + (name.size() - tail.size()), tail.data(), tail.size()) == 0;
}

// Labels below the apex that the SOA has, too: after them it is compressed otherwise.
bool is_of_zone(Span label) {
  const std::string_view text = base::as_text(label);
  return text == "ns" || text == "hostmaster";
}

// The label before the last `tail` bytes of `name`, which are a name of their own; nothing where they are none.
std::optional<Span> label_before(Span name, std::size_t tail) {
  Span label;
  std::size_t at = 0;
  while (name.size() - at > tail) {
    label = name.subspan(at + 1, name[at]);
    at += 1U + name[at];
  }
  if (name.size() - at != tail) return std::nullopt;
  return label;
}

}  // namespace

AnswerForms::AnswerForms(const Zone& zone, const View& view, const policy::Answer& found) {
  forms_[kA] = form_of(zone, view, found, DnsType::kA);
  forms_[kAaaa] = form_of(zone, view, found, DnsType::kAaaa);
  forms_[kAny] = form_of(zone, view, found, DnsType::kAny);
  // HINFO stands for every type of which no name has records.
  forms_[kOther] = form_of(zone, view, found, DnsType::kHinfo);
}

const AnswerForm* AnswerForms::of(DnsType type) const {
  const auto kind = [&] {
    switch (type) {
      case DnsType::kA: return kA;
      case DnsType::kAaaa: return kAaaa;
      case DnsType::kAny: return kAny;
      default: return kOther;
    }
  }();
  return forms_[kind] ? &*forms_[kind] : nullptr;
}

void QuickAnswers::serve(std::shared_ptr<const Served> served) noexcept {
  listeners_.clear();
  served_ = std::move(served);
  if (!served_) return;
  try {
    prepare();
  } catch (const std::bad_alloc&) {
    listeners_.clear();  // answers are right, if slower, without us
  }
}

void QuickAnswers::prepare() {
  const model::Snapshot& snapshot = *served_->snapshot;
  names_.restart(snapshot.clusters.size() * served_->views.size());
  apex_ = lower_wire(served_->zone.apex);
  const std::string region = base::ascii_lower(snapshot.region.str());
  const auto zone = served_->zone.apex.child(region);
  const auto tail = zone ? zone->child("gr1") : std::nullopt;
  endpoint_tail_ = tail && !is_of_zone(base::as_bytes(region)) ? lower_wire(*tail) : Bytes();
  listeners_.resize(served_->views.size());
}

std::optional<NameTable::Id> QuickAnswers::cluster_id(Span name) const {
  if (endpoint_tail_.empty() || name.size() != 1 + kIdDigits + endpoint_tail_.size() || name[0] != kIdDigits ||
      !ends_with(name, endpoint_tail_)) {
    return std::nullopt;
  }
  return NameTable::parse(name.subspan<1, kIdDigits>());
}

QuickAnswers::Found QuickAnswers::find(std::size_t listener, const wire::DnsQueryView& query) {
  if (listeners_.empty() || !served_->views[listener] || is_refused(query.type, query.klass)) return {};
  wire::DnsLowerName lower(query.name());
  const Span name = lower.wire();
  const auto id = cluster_id(name);
  const std::size_t apex_at = wire::kDnsHeaderBytes + name.size() - std::min(name.size(), apex_.size());
  const AnswerForms* forms = id ? names_.find(*id, listener) : nullptr;
  if (forms == nullptr) {
    if (!id && ends_with(name, apex_)) {
      const auto label = label_before(name, apex_.size());
      const bool at_apex = name.size() == apex_.size();
      if (at_apex && (query.type == DnsType::kSoa || query.type == DnsType::kNs)) return {};
      if (label && is_of_zone(*label)) return {};
    }
    forms = resolve(listener, lower, id);
  }
  return {forms == nullptr ? nullptr : forms->of(query.type), apex_at};
}

const AnswerForms* QuickAnswers::resolve(std::size_t listener, wire::DnsLowerName& name,
                                         const std::optional<NameTable::Id>& id) {
  const auto text = name.into_text();
  if (!text) return nullptr;
  policy::Answer found = policy::resolve(*served_->snapshot, *text, served_->views[listener]->vantage);
  const bool exists = found.status == ResolveStatus::kAnswer || found.status == ResolveStatus::kNoData;
  const AnswerForms* forms = forms_for(listener, std::move(found));
  if (exists && id && forms != nullptr) names_.put(*id, listener, *forms);
  return forms;
}

const AnswerForms* QuickAnswers::forms_for(std::size_t listener, policy::Answer found) {
  OfListener& known = listeners_[listener];
  const auto make = [&](const policy::Answer& answer) {
    return std::make_unique<AnswerForms>(served_->zone, *served_->views[listener], answer);
  };
  if (found.addresses.empty()) {
    auto& forms = known.without_addresses[static_cast<std::size_t>(found.status)];
    if (!forms) forms = make(found);
    return forms.get();
  }
  std::pair key(found.ttl, std::move(found.addresses));
  if (const auto it = known.with_addresses.find(key); it != known.with_addresses.end()) return it->second.get();
  if (known.with_addresses.size() >= base::limits::kDnsAnswerForms) return nullptr;
  found.addresses = key.second;
  auto forms = make(found);
  return known.with_addresses.emplace(std::move(key), std::move(forms)).first->second.get();
}

}  // namespace sallyport::dns
