// A socket filter for a listening TCP socket: drops the SYN of a source that is in no block of `admitted`, so that
// a refused client meets silence and costs no memory. Everything but a pure SYN passes untouched. The decision
// proper is taken in user space; this only refuses what no cluster behind the listener admits.
//
// Everything is read relative to the network header: the packet's data begins at the TCP header on a socket
// (net/ipv4/tcp_ipv4.c, tcp_filter) but at the IP header in BPF_PROG_TEST_RUN. A SYN behind IPv6 extension headers
// passes, as whatever is not understood does.

// The BPF helpers need the kernel's types before them.
// clang-format off
#include <linux/bpf.h>
#include <linux/if_ether.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
// clang-format on

#define TCP_FLAGS_OFFSET 13
#define TCP_PROTOCOL 6
#define TCP_SYN 0x02
#define TCP_ACK 0x10
#define IPV4_PROTOCOL_OFFSET 9
#define IPV4_SOURCE_OFFSET 12
#define IPV6_PROTOCOL_OFFSET 6
#define IPV6_SOURCE_OFFSET 8
#define IPV6_HEADER_BYTES 40

enum { PASS = 0x7fffffff, DROP = 0 };

struct address_key {
  __u32 prefix_length;
  __u8 octets[16];  // IPv4 in its IPv4-mapped form
};

struct {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __type(key, struct address_key);
  __type(value, __u8);     // 0: refused all the same, so that ::/0 does not admit the IPv4-mapped range
  __uint(max_entries, 1);  // set when it is loaded
  __uint(map_flags, BPF_F_NO_PREALLOC);
} admitted SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __type(key, __u32);
  __type(value, __u64);
  __uint(max_entries, 1);
} dropped SEC(".maps");

struct refusals {
  __u64 count;
  __u64 last;  // nanoseconds of CLOCK_MONOTONIC
};

// Who was dropped, for people to see: the most recent sources. A flood of forged ones drives others out.
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __type(key, __u8[16]);
  __type(value, struct refusals);
  __uint(max_entries, 1);  // set when it is loaded
} refused SEC(".maps");

static __always_inline void remember(const __u8* source) {
  struct refusals* known = bpf_map_lookup_elem(&refused, source);
  if (known) {
    __sync_fetch_and_add(&known->count, 1);
    known->last = bpf_ktime_get_ns();
    return;
  }
  struct refusals first = {.count = 1, .last = bpf_ktime_get_ns()};
  bpf_map_update_elem(&refused, source, &first, BPF_NOEXIST);
}

static __always_inline int load(struct __sk_buff* packet, __u32 offset, void* to, __u32 size) {
  return bpf_skb_load_bytes_relative(packet, offset, to, size, BPF_HDR_START_NET) == 0;
}

SEC("socket")
int syn_filter(struct __sk_buff* packet) {
  struct address_key source = {.prefix_length = 128};
  __u32 header_bytes = IPV6_HEADER_BYTES;
  __u8 protocol = 0;
  if (packet->protocol == bpf_htons(ETH_P_IP)) {
    __u8 version_and_words = 0;
    if (!load(packet, 0, &version_and_words, 1) || !load(packet, IPV4_PROTOCOL_OFFSET, &protocol, 1)) return PASS;
    if (!load(packet, IPV4_SOURCE_OFFSET, &source.octets[12], 4)) return PASS;
    source.octets[10] = 0xff;
    source.octets[11] = 0xff;
    header_bytes = (version_and_words & 0x0f) * 4;
  } else if (packet->protocol == bpf_htons(ETH_P_IPV6)) {
    if (!load(packet, IPV6_PROTOCOL_OFFSET, &protocol, 1)) return PASS;
    if (!load(packet, IPV6_SOURCE_OFFSET, source.octets, 16)) return PASS;
  }
  if (protocol != TCP_PROTOCOL) return PASS;

  __u8 flags = 0;
  if (!load(packet, header_bytes + TCP_FLAGS_OFFSET, &flags, sizeof(flags))) return PASS;
  if ((flags & (TCP_SYN | TCP_ACK)) != TCP_SYN) return PASS;

  const __u8* admit = bpf_map_lookup_elem(&admitted, &source);
  if (admit && *admit) return PASS;

  __u32 zero = 0;
  __u64* count = bpf_map_lookup_elem(&dropped, &zero);
  if (count) *count += 1;
  remember(source.octets);
  return DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
