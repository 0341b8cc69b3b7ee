#pragma once

#include <cstddef>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/descriptor.h"
#include "base/named_descriptors.h"
#include "base/result.h"
#include "dns/forwarder.h"
#include "dns/responder.h"
#include "dns/rollout.h"
#include "dns/sockets.h"
#include "dns/udp_batch.h"

namespace sallyport::dns {

// A thread that answers UDP on its own socket of every listening address. The kernel spreads clients over
// the workers.
class UdpWorker {
 public:
  struct Listening {
    UdpSocket socket;
    std::size_t listener = 0;  // index in Served::views
  };
  // Reads from its sockets at once, or from `begin` on. The others must outlive the worker.
  static base::Result<std::unique_ptr<UdpWorker>> start(std::vector<Listening> sockets, bool reading,
                                                        const Responder& responder, Forwarder& forwarder,
                                                        Counters& counters);
  ~UdpWorker();  // stops and joins; rollouts not yet arrived are dropped

  // Any thread; never blocks. The snapshots waiting are as many as their publisher lets be in flight.
  void deliver(Delivery delivery);

  // Any thread, one at a time. The first two as DnsServer has them.
  void begin();
  void release();
  void hand_over(const std::vector<std::string>& names, base::NamedDescriptors& to) const;

 private:
  UdpWorker(const Responder& responder, Forwarder& forwarder, Counters& counters)
      : responder_(responder), forwarder_(forwarder), counters_(counters) {}

  base::Status open(std::vector<Listening>& sockets, bool reading);
  void run();
  bool take_deliveries();  // false: stop
  void stop_reading(std::promise<void>& asked);
  void serve(std::size_t index);
  // The message at `place` of the batch, which came to the socket `index`.
  void answer(std::size_t index, std::size_t place);
  void forward(std::size_t index, const Peer& peer, Forwarding forwarding);
  void wake() const;

  const Responder& responder_;
  Forwarder& forwarder_;
  Counters& counters_;
  // Shared with forwarded queries, whose answers come after the worker may be gone.
  std::vector<std::shared_ptr<const UdpSocket>> sockets_;
  std::vector<std::size_t> listeners_;  // of each socket
  base::Descriptor epoll_;
  base::Descriptor wake_;
  UdpBatch batch_;
  QuickAnswers quick_;
  Tally tally_;

  std::mutex mutex_;
  std::vector<Delivery> waiting_;
  bool stopping_ = false;
  std::optional<std::promise<void>> release_asked_;

  bool released_ = false;  // the thread's own
  std::thread thread_;
};

}  // namespace sallyport::dns
