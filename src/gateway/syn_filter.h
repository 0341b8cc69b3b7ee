#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/descriptor.h"
#include "base/limits.h"
#include "base/result.h"
#include "model/cidr.h"

struct bpf_object;

namespace sallyport::gateway {

// The kernel filter of one listener (bpf/syn_filter.bpf.c): a set of admitted blocks, changed in place. It starts
// empty, refusing everyone. Used by the thread that swaps snapshots alone, but for `dropped`.
class SynFilter {
 public:
  // Loads program and maps, with room for so many blocks. kAccessDenied without CAP_BPF and CAP_NET_ADMIN, kUnavailable
  // when the kernel refuses.
  static base::Result<std::unique_ptr<SynFilter>> load(std::size_t room = base::limits::kFilterRoom);

  // Program and maps, as open files.
  struct Handed {
    base::Descriptor program;
    base::Descriptor admitted;
    base::Descriptor dropped;
    base::Descriptor refused;  // invalid where that process's filter remembered no sources
  };
  // Of a filter that another process loaded and attached; it admits what it admitted. Fails where that process had
  // another form of maps.
  static base::Result<std::unique_ptr<SynFilter>> adopt(Handed handed);
  bool adopted() const { return handed_.program.valid(); }
  Handed duplicate() const;
  // Takes for admitted what the map says: another process may have changed it.
  base::Status read_back();

  // Puts the filter in front of a listening TCP socket.
  base::Status attach(int listening_socket) const;
  static void detach(int socket);

  // Admits `blocks` too; blocks admitted before stay. On failure (the map is full) some may be in.
  base::Status loosen(const std::vector<model::Cidr>& blocks);
  // Admits `blocks` no longer; those it never admitted are passed over.
  base::Status withdraw(const std::vector<model::Cidr>& blocks);
  // Admits `blocks` and nothing else. Whoever is admitted before and after is so at any time; where both sets do not
  // fit at once, everyone is meanwhile.
  base::Status tighten(const std::vector<model::Cidr>& blocks);

  // SYNs dropped so far. Any thread.
  std::uint64_t dropped() const;

  // Sources whose SYNs were dropped: of the kDroppedSources or so last ones, and of each since it was last forgotten.
  // A flood of forged sources makes it forget others. Any thread.
  struct Drop {
    base::IpAddress source;
    std::uint64_t count = 0;
    std::chrono::steady_clock::time_point last{};
  };
  std::vector<Drop> drops() const;
  // False of a filter handed over by a version that did not.
  bool remembers() const { return refused_map_ >= 0; }

  // For packet fixtures.
  int program() const { return program_; }

 private:
  struct Close {
    void operator()(bpf_object* object) const;
  };

  explicit SynFilter(std::size_t room) : room_(room) {}

  const std::size_t room_;
  std::unique_ptr<bpf_object, Close> object_;
  Handed handed_;  // of another process's; else the object's
  int program_ = -1;
  int admitted_map_ = -1;
  int dropped_map_ = -1;
  int refused_map_ = -1;
  std::unordered_set<model::Cidr> admitted_;  // what the map holds
};

}  // namespace sallyport::gateway
