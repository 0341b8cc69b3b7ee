#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"
#include "model/cidr.h"

struct bpf_object;

namespace sallyport::gateway {

// The kernel filter of one listener (bpf/syn_filter.bpf.c): a set of admitted blocks, changed in place. It starts
// empty, refusing everyone. Used by the thread that swaps snapshots alone, but for `dropped`.
class SynFilter {
 public:
  // Loads program and maps. kAccessDenied without CAP_BPF and CAP_NET_ADMIN, kUnavailable when the kernel
  // refuses.
  static base::Result<std::unique_ptr<SynFilter>> load();

  // Program and maps, as open files.
  struct Handed {
    base::Descriptor program;
    base::Descriptor admitted;
    base::Descriptor dropped;
  };
  // Of a filter that another process loaded and attached; it admits what it admitted. Fails where that process had
  // another form of maps.
  static base::Result<std::unique_ptr<SynFilter>> adopt(Handed handed);
  Handed duplicate() const;
  // Takes for admitted what the map says: another process may have changed it.
  base::Status read_back();

  // Puts the filter in front of a listening TCP socket.
  base::Status attach(int listening_socket) const;
  static void detach(int socket);

  // Admits `blocks` too; blocks admitted before stay. On failure (the map is full) some may be in.
  base::Status loosen(const std::vector<model::Cidr>& blocks);
  // Admits `blocks` and nothing else.
  base::Status tighten(const std::vector<model::Cidr>& blocks);

  // SYNs dropped so far. Any thread.
  std::uint64_t dropped() const;

  // For packet fixtures.
  int program() const { return program_; }

 private:
  struct Close {
    void operator()(bpf_object* object) const;
  };

  SynFilter() = default;

  std::unique_ptr<bpf_object, Close> object_;
  Handed handed_;  // of another process's; else the object's
  int program_ = -1;
  int admitted_map_ = -1;
  int dropped_map_ = -1;
  std::vector<model::Cidr> admitted_;  // sorted: what the map holds
};

}  // namespace sallyport::gateway
