#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "dns/answer_form.h"
#include "dns/name_table.h"
#include "dns/view.h"

namespace sallyport::dns {

// The forms of one policy::Answer at one listener, by what is asked for.
class AnswerForms {
 public:
  AnswerForms(const Zone& zone, const View& view, const policy::Answer& found);
  // Null: there is no form. Not for the zone's own types at its apex.
  const AnswerForm* of(wire::DnsType type) const;

 private:
  enum Kind : std::uint8_t { kA, kAaaa, kAny, kOther, kKinds };
  std::array<std::optional<AnswerForm>, kKinds> forms_;
};

// Answers of one snapshot that are ready but for what each query has of its own. What a name is answered is
// policy::resolve's to say, asked anew with each snapshot: names of clusters are asked for once and remembered, all
// others, which anyone may make up, each time and without allocating. Belongs to one thread.
class QuickAnswers {
 public:
  struct Found {
    const AnswerForm* form = nullptr;  // null: ask `answer`
    std::size_t apex_at = 0;           // in the message
  };

  // From now on, by this snapshot; null: none. Forms found before are gone.
  void serve(std::shared_ptr<const Served> served) noexcept;
  const Served* served() const { return served_.get(); }

  Found find(std::size_t listener, const wire::DnsQueryView& query);

 private:
  struct OfListener {
    std::array<std::unique_ptr<AnswerForms>, 5> without_addresses;  // by policy::ResolveStatus
    std::map<std::pair<std::uint32_t, std::vector<base::IpAddress>>, std::unique_ptr<AnswerForms>> with_addresses;
  };

  void prepare();
  const AnswerForms* resolve(std::size_t listener, wire::DnsLowerName& name, const std::optional<NameTable::Id>& id);
  const AnswerForms* forms_for(std::size_t listener, policy::Answer found);
  std::optional<NameTable::Id> cluster_id(std::span<const std::uint8_t> name) const;

  std::shared_ptr<const Served> served_;
  std::vector<OfListener> listeners_;
  std::vector<std::uint8_t> apex_;           // wire form, lower case
  std::vector<std::uint8_t> endpoint_tail_;  // what follows the id in an endpoint's name; empty: no name is one
  NameTable names_;
};

}  // namespace sallyport::dns
