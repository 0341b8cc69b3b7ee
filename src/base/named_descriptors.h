#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/descriptor.h"

namespace sallyport::base {

// Open files that one process hands to the next, each under the name of what it is, such as
// "gateway public 203.0.113.10:443". Several may have one name. What nobody takes is closed with this object.
class NamedDescriptors {
 public:
  struct Entry {
    std::string name;
    Descriptor descriptor;
  };

  void add(std::string name, Descriptor descriptor) { entries_.push_back({std::move(name), std::move(descriptor)}); }

  // The first of that name; invalid when there is none.
  Descriptor take(std::string_view name) {
    const auto found = std::ranges::find(entries_, name, &Entry::name);
    if (found == entries_.end()) return {};
    Descriptor taken = std::move(found->descriptor);
    entries_.erase(found);
    return taken;
  }
  // All of that name, in the order of their addition.
  std::vector<Descriptor> take_all(std::string_view name) {
    std::vector<Descriptor> taken;
    while (true) {
      Descriptor next = take(name);
      if (!next.valid()) return taken;
      taken.push_back(std::move(next));
    }
  }

  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

}  // namespace sallyport::base
