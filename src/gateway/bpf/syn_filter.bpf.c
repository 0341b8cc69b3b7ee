// A socket filter for a listening TCP socket: drops the SYN of a source that is in no block of `admitted`, so that
// a refused client meets silence and costs no memory. Everything but a pure SYN passes untouched. The decision
// proper is taken in user space; this only refuses what no cluster behind the listener admits.
//
// The kernel runs socket filters of TCP sockets with the packet's data at the TCP header (net/ipv4/tcp_ipv4.c,
// tcp_filter), so the IP header is read relative to the network header.

#include <linux/bpf.h>
#include <linux/if_ether.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define TCP_FLAGS_OFFSET 13
#define TCP_SYN 0x02
#define TCP_ACK 0x10
#define IPV4_SOURCE_OFFSET 12
#define IPV6_SOURCE_OFFSET 8

enum { PASS = 0x7fffffff, DROP = 0 };

struct address_key {
  __u32 prefix_length;
  __u8 octets[16];  // IPv4 in its IPv4-mapped form
};

struct {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __type(key, struct address_key);
  __type(value, __u8);
  __uint(max_entries, 1048576);
  __uint(map_flags, BPF_F_NO_PREALLOC);
} admitted SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __type(key, __u32);
  __type(value, __u64);
  __uint(max_entries, 1);
} dropped SEC(".maps");

SEC("socket")
int syn_filter(struct __sk_buff *packet) {
  __u8 flags = 0;
  if (bpf_skb_load_bytes(packet, TCP_FLAGS_OFFSET, &flags, sizeof(flags)) < 0) return PASS;
  if ((flags & (TCP_SYN | TCP_ACK)) != TCP_SYN) return PASS;

  struct address_key source = {.prefix_length = 128};
  if (packet->protocol == bpf_htons(ETH_P_IP)) {
    source.octets[10] = 0xff;
    source.octets[11] = 0xff;
    if (bpf_skb_load_bytes_relative(packet, IPV4_SOURCE_OFFSET, &source.octets[12], 4, BPF_HDR_START_NET) < 0) return PASS;
  } else if (packet->protocol == bpf_htons(ETH_P_IPV6)) {
    if (bpf_skb_load_bytes_relative(packet, IPV6_SOURCE_OFFSET, source.octets, 16, BPF_HDR_START_NET) < 0) return PASS;
  } else {
    return PASS;
  }
  if (bpf_map_lookup_elem(&admitted, &source)) return PASS;

  __u32 zero = 0;
  __u64 *count = bpf_map_lookup_elem(&dropped, &zero);
  if (count) *count += 1;
  return DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
