#include "gateway/syn_filter.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <map>
#include <numeric>
#include <optional>
#include <string_view>
#include <system_error>

// NOLINTBEGIN(readability-identifier-naming): named by cmake/BpfProgram.cmake
extern "C" {
extern const unsigned char syn_filter_object[];
extern const unsigned char syn_filter_object_end[];
}
// NOLINTEND(readability-identifier-naming)

namespace sallyport::gateway {

namespace {

using base::ErrorKind;
using base::fail;

// struct address_key of the BPF program.
struct Key {
  std::uint32_t prefix_length = 0;
  base::IpAddress::Octets octets{};
};
static_assert(sizeof(Key) == 20);

Key key_of(const model::Cidr& block) {
  const unsigned mapped = block.family() == base::Family::kV4 ? 96 : 0;
  return {.prefix_length = mapped + block.prefix(), .octets = block.network().octets()};
}

// struct refusals of the BPF program.
struct Refusals {
  std::uint64_t count = 0;
  std::uint64_t last_nanoseconds = 0;  // of CLOCK_MONOTONIC, which steady_clock reads too
};

constexpr std::uint8_t kAdmit = 1;
constexpr std::uint8_t kRefuse = 0;

// Every address of either family, as the trie holds them. Always in the trie: with kRefuse the IPv4 one keeps "::/0"
// from admitting IPv4, and there is room to admit everyone however full the trie is.
const std::vector<model::Cidr>& everyone() {
  static const std::vector<model::Cidr> blocks = {model::Cidr::of(base::IpAddress::v4(0), 0), model::Cidr()};
  return blocks;
}
bool is_everyone(const model::Cidr& block) { return std::ranges::find(everyone(), block) != everyone().end(); }

// Those of `blocks` that are not among `kept`.
std::vector<model::Cidr> others_than(const std::unordered_set<model::Cidr>& blocks,
                                     const std::unordered_set<model::Cidr>& kept) {
  std::vector<model::Cidr> others;
  std::ranges::copy_if(blocks, std::back_inserter(others),
                       [&](const model::Cidr& block) { return !kept.contains(block); });
  return others;
}

bool put(int map, const model::Cidr& block, std::uint8_t value) {
  const Key key = key_of(block);
  return bpf_map_update_elem(map, &key, &value, BPF_ANY) == 0;
}

// libbpf writes to stderr by itself; what it says belongs in our log.
int log_libbpf(libbpf_print_level, const char* format, va_list arguments) {
  std::array<char, 512> line{};
  // NOLINTNEXTLINE(clang-diagnostic-format-nonliteral): the format is libbpf's
  const int length = std::vsnprintf(line.data(), line.size(), format, arguments);
  std::string_view text(line.data(), std::min(static_cast<std::size_t>(std::max(length, 0)), line.size() - 1));
  while (text.ends_with('\n'))
    text.remove_suffix(1);
  spdlog::debug("libbpf: {}", text);
  return 0;
}

// How many entries the map has room for; 0 when it is of another form.
std::size_t room_of(int map, std::uint32_t type, std::uint32_t key_bytes, std::uint32_t value_bytes) {
  bpf_map_info info{};
  std::uint32_t size = sizeof(info);
  const bool has_form = bpf_obj_get_info_by_fd(map, &info, &size) == 0 && info.type == type &&
                        info.key_size == key_bytes && info.value_size == value_bytes;
  return has_form ? info.max_entries : 0;
}

// The inverse of key_of.
std::optional<model::Cidr> block_of(const Key& key) {
  const base::IpAddress network = base::IpAddress::v6(key.octets);
  const unsigned mapped = network.is_v4() ? 96 : 0;
  if (key.prefix_length > 128 || key.prefix_length < mapped) return std::nullopt;
  return model::Cidr::of(network, key.prefix_length - mapped);
}

std::string reason(int error) { return std::generic_category().message(error); }

}  // namespace

void SynFilter::Close::operator()(bpf_object* object) const { bpf_object__close(object); }

base::Result<std::unique_ptr<SynFilter>> SynFilter::load(std::size_t room) {
  libbpf_set_print(log_libbpf);
  std::unique_ptr<SynFilter> filter(new SynFilter(room));
  filter->object_.reset(bpf_object__open_mem(
      syn_filter_object, static_cast<std::size_t>(syn_filter_object_end - syn_filter_object), nullptr));
  if (filter->object_ == nullptr) {
    return fail(ErrorKind::kUnavailable, "the BPF program cannot be opened: " + reason(errno));
  }
  (void)bpf_map__set_max_entries(bpf_object__find_map_by_name(filter->object_.get(), "admitted"),
                                 static_cast<std::uint32_t>(room));
  (void)bpf_map__set_max_entries(bpf_object__find_map_by_name(filter->object_.get(), "refused"),
                                 static_cast<std::uint32_t>(base::limits::kDroppedSources));
  if (const int error = bpf_object__load(filter->object_.get()); error != 0) {
    if (error == -EPERM || error == -EACCES) {
      return fail(ErrorKind::kAccessDenied, "no privilege to load BPF programs; grant CAP_BPF and CAP_NET_ADMIN");
    }
    return fail(ErrorKind::kUnavailable, "the kernel refused the BPF program: " + reason(-error));
  }
  bpf_object* object = filter->object_.get();
  filter->program_ = bpf_program__fd(bpf_object__find_program_by_name(object, "syn_filter"));
  filter->admitted_map_ = bpf_object__find_map_fd_by_name(object, "admitted");
  filter->dropped_map_ = bpf_object__find_map_fd_by_name(object, "dropped");
  filter->refused_map_ = bpf_object__find_map_fd_by_name(object, "refused");
  for (const model::Cidr& block : everyone()) {
    if (!put(filter->admitted_map_, block, kRefuse)) {
      return fail(ErrorKind::kUnavailable, "the BPF map cannot be filled: " + reason(errno));
    }
  }
  return filter;
}

base::Result<std::unique_ptr<SynFilter>> SynFilter::adopt(Handed handed) {
  libbpf_set_print(log_libbpf);
  const std::size_t room = room_of(handed.admitted.get(), BPF_MAP_TYPE_LPM_TRIE, sizeof(Key), 1);
  if (!handed.program.valid() || room == 0 ||
      room_of(handed.dropped.get(), BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(std::uint32_t), sizeof(std::uint64_t)) == 0) {
    return fail(ErrorKind::kUnavailable, "the kernel filter handed over has maps of another form");
  }
  std::unique_ptr<SynFilter> filter(new SynFilter(room));
  filter->handed_ = std::move(handed);
  filter->program_ = filter->handed_.program.get();
  filter->admitted_map_ = filter->handed_.admitted.get();
  filter->dropped_map_ = filter->handed_.dropped.get();
  if (room_of(filter->handed_.refused.get(), BPF_MAP_TYPE_LRU_HASH, sizeof(base::IpAddress::Octets), sizeof(Refusals)) >
      0) {
    filter->refused_map_ = filter->handed_.refused.get();
  }
  if (auto read = filter->read_back(); !read) return fail(read.error());
  return filter;
}

SynFilter::Handed SynFilter::duplicate() const {
  return {.program = base::Descriptor::duplicate(program_),
          .admitted = base::Descriptor::duplicate(admitted_map_),
          .dropped = base::Descriptor::duplicate(dropped_map_),
          .refused = remembers() ? base::Descriptor::duplicate(refused_map_) : base::Descriptor()};
}

base::Status SynFilter::read_back() {
  std::unordered_set<model::Cidr> present;
  Key key;
  for (const Key* before = nullptr; bpf_map_get_next_key(admitted_map_, before, &key) == 0; before = &key) {
    std::uint8_t value = kRefuse;
    if (bpf_map_lookup_elem(admitted_map_, &key, &value) != 0) continue;
    const auto block = block_of(key);
    if (!block) return fail(ErrorKind::kUnavailable, "the BPF map holds what is no block of addresses");
    if (value == kAdmit) present.insert(*block);
  }
  if (errno != ENOENT) return fail(ErrorKind::kUnavailable, "the BPF map cannot be read: " + reason(errno));
  admitted_ = std::move(present);
  return {};
}

base::Status SynFilter::attach(int listening_socket) const {
  if (::setsockopt(listening_socket, SOL_SOCKET, SO_ATTACH_BPF, &program_, sizeof(program_)) != 0) {
    return fail(ErrorKind::kUnavailable, "the BPF program cannot be attached: " + reason(errno));
  }
  return {};
}

void SynFilter::detach(int socket) {
  const int ignored = 0;
  (void)::setsockopt(socket, SOL_SOCKET, SO_DETACH_BPF, &ignored, sizeof(ignored));
}

base::Status SynFilter::loosen(const std::vector<model::Cidr>& blocks) {
  for (const model::Cidr& block : blocks) {
    if (admitted_.contains(block)) continue;
    if (!put(admitted_map_, block, kAdmit)) {
      return fail(ErrorKind::kLimitExceeded, "the BPF map refused " + block.to_string() + ": " + reason(errno));
    }
    admitted_.insert(block);
  }
  return {};
}

base::Status SynFilter::withdraw(const std::vector<model::Cidr>& blocks) {
  for (const model::Cidr& block : blocks) {
    if (!admitted_.contains(block)) continue;
    const Key key = key_of(block);
    const bool gone = is_everyone(block) ? put(admitted_map_, block, kRefuse)
                                         : bpf_map_delete_elem(admitted_map_, &key) == 0 || errno == ENOENT;
    if (!gone) {
      return fail(ErrorKind::kUnavailable, "the BPF map kept " + block.to_string() + ": " + reason(errno));
    }
    admitted_.erase(block);
  }
  return {};
}

base::Status SynFilter::tighten(const std::vector<model::Cidr>& blocks) {
  const std::unordered_set<model::Cidr> wanted(blocks.begin(), blocks.end());
  if (admitted_.size() + wanted.size() + everyone().size() > room_) {
    if (auto opened = loosen(everyone()); !opened) return opened;
    if (auto emptied = withdraw(others_than(admitted_, {everyone().begin(), everyone().end()})); !emptied)
      return emptied;
  }
  if (auto loosened = loosen(blocks); !loosened) return loosened;
  return withdraw(others_than(admitted_, wanted));
}

std::uint64_t SynFilter::dropped() const {
  const int cpus = libbpf_num_possible_cpus();
  if (cpus <= 0) return 0;
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(cpus));
  const std::uint32_t zero = 0;
  if (bpf_map_lookup_elem(dropped_map_, &zero, counts.data()) != 0) return 0;
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::vector<SynFilter::Drop> SynFilter::drops() const {
  std::map<base::IpAddress, Drop> found;
  if (!remembers()) return {};
  base::IpAddress::Octets key;
  const base::IpAddress::Octets* before = nullptr;
  // A key that is forgotten meanwhile has the walk begin anew.
  for (std::size_t left = 2 * base::limits::kDroppedSources;
       left > 0 && bpf_map_get_next_key(refused_map_, before, &key) == 0; --left, before = &key) {
    Refusals refusals;
    if (bpf_map_lookup_elem(refused_map_, &key, &refusals) != 0) continue;
    const base::IpAddress source = base::IpAddress::v6(key);
    const auto last = std::chrono::nanoseconds(refusals.last_nanoseconds);
    found[source] = {.source = source, .count = refusals.count, .last = std::chrono::steady_clock::time_point(last)};
  }
  std::vector<Drop> drops;
  for (const auto& [source, drop] : found)
    drops.push_back(drop);
  return drops;
}

}  // namespace sallyport::gateway
