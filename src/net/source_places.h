#pragma once

#include <cstddef>
#include <limits>
#include <mutex>
#include <unordered_map>
#include <utility>

#include <tl/expected.hpp>

#include "base/ip_address.h"

namespace sallyport::net {

// Places that sources take, so many each and so many in all. Thread-safe; outlives its places.
class SourcePlaces {
 public:
  class Place;
  enum class Full { kSource, kAll };

  explicit SourcePlaces(std::size_t most_of_all = std::numeric_limits<std::size_t>::max())
      : most_of_all_(most_of_all) {}
  // `source` as limits count it, of which `most` are given. Where both are full it is kSource, which names whom to look
  // at.
  tl::expected<Place, Full> take(const base::IpAddress& source, std::size_t most);
  std::size_t count() const;

 private:
  void leave(const base::IpAddress& source);

  const std::size_t most_of_all_;
  mutable std::mutex mutex_;
  std::size_t count_ = 0;
  std::unordered_map<base::IpAddress, std::size_t> by_source_;  // none of them zero
};

// One place, given back at the end of this object.
class SourcePlaces::Place {
 public:
  Place(Place&& other) noexcept : all_(std::exchange(other.all_, nullptr)), source_(other.source_) {}
  Place& operator=(Place&& other) noexcept {
    std::swap(all_, other.all_);
    std::swap(source_, other.source_);
    return *this;
  }
  ~Place() {
    if (all_ != nullptr) all_->leave(source_);
  }

 private:
  friend class SourcePlaces;
  Place(SourcePlaces& all, const base::IpAddress& source) : all_(&all), source_(source) {}

  SourcePlaces* all_;
  base::IpAddress source_;
};

}  // namespace sallyport::net
