// The DNS server alone, over a snapshot of as many clusters as the file of endpoint ids has lines. Prints "ready" once
// every worker answers from it, and serves until it is terminated.
//
//   dns_bench_server ADDRESS:PORT ZONE FILE_OF_ENDPOINT_IDS
#include <csignal>
#include <cstdio>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "dns/dns_server.h"

namespace {

using namespace sallyport;

model::Listener listener(const char* address) {
  model::Listener made;
  made.bind = made.advertise = {base::IpAddress::parse(address).value(), 443};
  return made;
}

model::Snapshot read_snapshot(const char* zone, const char* file) {
  model::Snapshot snapshot;
  snapshot.revision = model::Revision(7);
  snapshot.region = model::Region("us-east-1");
  snapshot.zone = zone;
  snapshot.listeners = {listener("203.0.113.10"), listener("2001:db8::10")};
  std::ifstream ids(file);
  for (std::string id; std::getline(ids, id);) {
    model::Cluster cluster;
    cluster.name = model::ClusterName("cluster-" + id);
    cluster.endpoint_id = model::EndpointId(id);
    cluster.status = model::ClusterStatus::kActive;
    cluster.access.public_access = true;
    snapshot.put_cluster(std::move(cluster));
  }
  return snapshot;
}

int fail(const std::string& why) {
  std::fprintf(stderr, "dns_bench_server: %s\n", why.c_str());
  return 1;
}

int serve(const char* address, const char* zone, const char* file) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  const auto listen = base::SocketAddress::parse(address);
  if (!listen) return fail(std::string(address) + " is no address and port");
  auto server = dns::DnsServer::start({{*listen}, {}, {}});
  if (!server) return fail(server.error().message);
  std::promise<model::Acknowledgement> enforced;
  (*server)->apply(std::make_shared<const model::Snapshot>(read_snapshot(zone, file)),
                   [&](model::Acknowledgement done) { enforced.set_value(std::move(done)); });
  if (const auto done = enforced.get_future().get(); done.error) return fail(done.error->message);
  std::puts("ready");
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return fail("usage: dns_bench_server ADDRESS:PORT ZONE FILE_OF_ENDPOINT_IDS");
  return serve(argv[1], argv[2], argv[3]);
}
