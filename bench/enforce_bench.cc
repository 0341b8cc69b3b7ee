// How long a change of one cluster's allowlist takes until it is enforced, by the number of clusters and blocks, for
// the real gateway (kernel filter off and on), the real DNS server, and the whole control plane over SQLite.
#include <spdlog/spdlog.h>
#include <sys/wait.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "bench/enforce_control.h"
#include "bench/enforce_world.h"
#include "dns/dns_server.h"
#include "gateway/gateway.h"

namespace sallyport::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Micros = std::chrono::duration<double, std::micro>;

constexpr std::size_t kMostChanges = 1'000;
constexpr std::size_t kFewestChanges = 5;
constexpr unsigned kWorkers = 2;

struct Options {
  std::vector<std::uint32_t> clusters = {1, 1'000, 100'000};
  std::vector<std::uint32_t> blocks = {1, 40, 2'048};
  std::vector<std::string> what = {"gateway", "gateway+bpf", "dns", "control"};
  double seconds = 10;  // of changes, for each line
  bool json = false;
};

struct Line {
  double first_ms = 0;
  double world_mib = 0;  // of the process with the world alone
  double mib = 0;        // … and at the end
  std::vector<double> micros;
};

double resident_mib() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0);
}

double percentile(const std::vector<double>& sorted, double share) {
  const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
  return sorted[std::min(at, sorted.size() - 1)];
}

// Calls `change`, which gives its duration, for as long as there is time.
void repeat(const Options& options, Line& line, const std::function<double()>& change) {
  const auto end = Clock::now() + std::chrono::duration<double>(options.seconds);
  while (line.micros.size() < kFewestChanges || (line.micros.size() < kMostChanges && Clock::now() < end))
    line.micros.push_back(change());
}

bool apply(const model::ApplyFn& node, model::SnapshotPtr snapshot) {
  std::promise<bool> promise;
  node(std::move(snapshot),
       [&](const model::Acknowledgement& acknowledgement) { promise.set_value(!acknowledgement.error); });
  return promise.get_future().get();
}

double timed(const model::ApplyFn& node, model::Snapshot& world, std::optional<model::Cluster> cluster) {
  world.revision = world.revision.next();
  const auto begin = Clock::now();
  if (cluster) world.put_cluster(*std::move(cluster));
  const bool enforced = apply(node, std::make_shared<const model::Snapshot>(world));
  const double micros = Micros(Clock::now() - begin).count();
  if (!enforced) throw std::runtime_error("a change was not enforced");
  return micros;
}

std::unique_ptr<gateway::Gateway> make_gateway(const std::vector<model::Listener>& doors, bool kernel) {
  gateway::GatewayConfig config;
  config.listeners = doors;
  config.workers = kWorkers;
  config.kernel_filter = kernel;
  auto started = gateway::Gateway::start(std::move(config));
  if (!started) throw std::runtime_error(started.error().message);
  return *std::move(started);
}

std::unique_ptr<dns::DnsServer> make_dns() {
  dns::DnsConfig config;
  config.public_listeners = {{base::IpAddress::v4(0x7f000001U), unused_port()}};
  config.resolvers = {{{base::IpAddress::v4(0x7f000002U), unused_port()}, home()}};
  auto started = dns::DnsServer::start(std::move(config));
  if (!started) throw std::runtime_error(started.error().message);
  return *std::move(started);
}

// Nothing where the kernel filter cannot be had, or could not hold what it should.
std::optional<Line> measure(const Options& options, const std::string& what, Size size) {
  Line line;
  Allowlists lists(size);
  if (what == "control") {
    const std::vector<model::Listener> listeners = doors();
    const auto gateway = make_gateway(listeners, false);
    const auto dns = make_dns();
    ControlBench control(lists, size, listeners, *gateway, *dns);
    line.world_mib = resident_mib();
    line.first_ms = Micros(control.start()).count() / 1'000;
    repeat(options, line, [&] { return Micros(control.update(lists.changed())).count(); });
    line.mib = resident_mib();
    return line;
  }
  model::Snapshot present = world(lists, size);
  line.world_mib = resident_mib();
  std::unique_ptr<gateway::Gateway> gateway;
  std::unique_ptr<dns::DnsServer> dns;
  model::ApplyFn node;
  const bool kernel = what == "gateway+bpf";
  if (what == "dns") {
    dns = make_dns();
    node = [&](model::SnapshotPtr snapshot, model::AcknowledgeFn done) { dns->apply(std::move(snapshot), done); };
  } else {
    gateway = make_gateway(present.listeners, kernel);
    node = [&](model::SnapshotPtr snapshot, model::AcknowledgeFn done) { gateway->apply(std::move(snapshot), done); };
  }
  line.first_ms = timed(node, present, std::nullopt) / 1'000;
  repeat(options, line, [&] { return timed(node, present, lists.changed()); });
  line.mib = resident_mib();
  if (kernel && !gateway->stats().kernel_filter_active) return std::nullopt;
  return line;
}

std::string shown(const Options& options, const std::string& what, Size size, Line line) {
  std::ranges::sort(line.micros);
  std::array<char, 512> text{};
  const char* format = options.json
                           ? R"({"what":"%s","clusters":%u,"blocks":%u,"all_blocks":%llu,"changes":%zu,)"
                             R"("p50_us":%.0f,"p99_us":%.0f,"max_us":%.0f,"first_ms":%.1f,"world_mib":%.0f,"mib":%.0f})"
                           : "%-12s %8u %7u %10llu %8zu %12.0f %12.0f %12.0f %12.1f %10.0f %8.0f";
  (void)std::snprintf(text.data(), text.size(), format, what.c_str(), size.clusters, size.blocks,
                      static_cast<unsigned long long>(size.all_blocks()), line.micros.size(),
                      percentile(line.micros, 0.5), percentile(line.micros, 0.99), line.micros.back(), line.first_ms,
                      line.world_mib, line.mib);
  return text.data();
}

// In a process of its own, so that one line's memory is none of the next one's.
bool run_line(const Options& options, const std::string& what, Size size) {
  std::cout.flush();
  const pid_t child = ::fork();
  if (child == 0) {
    int status = 0;
    try {
      const auto line = measure(options, what, size);
      if (line) {
        std::cout << shown(options, what, size, *line) << std::endl;
      } else {
        std::cerr << what << ": no kernel filter with " << size.all_blocks() << " blocks" << std::endl;
      }
    } catch (const std::exception& error) {
      std::cerr << what << ": " << error.what() << std::endl;
      status = 1;
    }
    std::_Exit(status);
  }
  int status = 1;
  return child > 0 && ::waitpid(child, &status, 0) == child && status == 0;
}

template <class Take>
void split(std::string_view list, Take take) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    take(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

std::vector<std::uint32_t> numbers(std::string_view list) {
  std::vector<std::uint32_t> found;
  split(list, [&](std::string_view item) {
    std::uint32_t number = 0;
    if (std::from_chars(item.data(), item.data() + item.size(), number).ec == std::errc{} && number > 0)
      found.push_back(number);
  });
  return found;
}

int run(const std::vector<std::string_view>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    if (name == "--json") {
      options.json = true;
      continue;
    }
    if (i + 1 == arguments.size() ||
        (name != "--clusters" && name != "--blocks" && name != "--what" && name != "--seconds")) {
      std::cerr << "usage: enforce_bench [--json] [--clusters N,…] [--blocks N,…] [--seconds N]\n"
                   "                     [--what gateway,gateway+bpf,dns,control]\n";
      return 2;
    }
    const std::string_view value = arguments[++i];
    if (name == "--clusters") options.clusters = numbers(value);
    if (name == "--blocks") options.blocks = numbers(value);
    if (name == "--seconds") options.seconds = std::stod(std::string(value));
    if (name == "--what") {
      options.what.clear();
      split(value, [&](std::string_view item) { options.what.emplace_back(item); });
    }
  }
  spdlog::set_level(spdlog::level::off);
  if (!options.json) {
    std::printf("%-12s %8s %7s %10s %8s %12s %12s %12s %12s %10s %8s\n", "what", "clusters", "blocks", "all blocks",
                "changes", "p50 us", "p99 us", "max us", "first ms", "world MiB", "MiB");
    std::fflush(stdout);
  }
  bool good = true;
  for (const std::string& what : options.what) {
    for (const std::uint32_t clusters : options.clusters) {
      for (const std::uint32_t blocks : options.blocks)
        good = run_line(options, what, {.clusters = clusters, .blocks = blocks}) && good;
    }
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace sallyport::bench

int main(int count, char** values) { return sallyport::bench::run({values + 1, values + count}); }
