#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/descriptor.h"
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
  // `addresses` in the order of Served::views. The others must outlive the worker. Fails as
  // UdpSocket::bind does.
  static base::Result<std::unique_ptr<UdpWorker>> start(const std::vector<base::SocketAddress>& addresses,
                                                        const Responder& responder, Forwarder& forwarder,
                                                        Counters& counters);
  ~UdpWorker();  // stops and joins; rollouts not yet arrived are dropped

  // Any thread; never blocks. The snapshots waiting are as many as their publisher lets be in flight.
  void deliver(Delivery delivery);

 private:
  UdpWorker(const Responder& responder, Forwarder& forwarder, Counters& counters)
      : responder_(responder), forwarder_(forwarder), counters_(counters) {}

  base::Status open(const std::vector<base::SocketAddress>& addresses);
  void run();
  bool take_deliveries();  // false: stop
  void serve(std::size_t listener);
  void answer(std::size_t listener, std::size_t index);
  void forward(std::size_t listener, const Peer& peer, Forwarding forwarding);
  void wake() const;

  const Responder& responder_;
  Forwarder& forwarder_;
  Counters& counters_;
  // Shared with forwarded queries, whose answers come after the worker may be gone.
  std::vector<std::shared_ptr<const UdpSocket>> sockets_;
  base::Descriptor epoll_;
  base::Descriptor wake_;
  UdpBatch batch_;
  QuickAnswers quick_;
  Tally tally_;

  std::mutex mutex_;
  std::vector<Delivery> waiting_;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace sallyport::dns
