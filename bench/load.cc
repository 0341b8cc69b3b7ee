// The client side of the benchmark. Prints "begin" when the measured time begins (idle: when all connections are open),
// then one line of JSON. Exits with 1 and a reason on stderr where there is nothing to report.
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/ip_address.h"
#include "load/outcome.h"
#include "load/plan.h"
#include "traffic/message.h"
#include "traffic/sockets.h"

namespace sallyport::bench {
namespace {

constexpr std::size_t kMaxNames = 4'096;

struct Options {
  std::string kind = "requests";
  std::string mode = "raw";
  std::string target;
  std::vector<std::string> names;
  std::string names_file;
  std::string source = "127.0.0.1";
  double seconds = 1;
  double warmup = 0.2;
  unsigned threads = 1;
};

std::chrono::nanoseconds nanoseconds(double seconds) {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
}

base::Result<std::vector<std::string>> server_names(const Options& options) {
  std::vector<std::string> names = options.names;
  std::ifstream file(options.names_file);
  for (std::string line; names.size() < kMaxNames && std::getline(file, line);)
    names.push_back(line);
  if (names.empty()) return base::fail(base::ErrorKind::kInvalidParameter, "--name or --names is needed");
  return names;
}

base::Status complete(const Options& options, Plan& plan) {
  const auto target = base::SocketAddress::parse(options.target);
  const auto source = base::IpAddress::parse(options.source);
  if (!target || !target->address.is_loopback() || !source || !source->is_loopback())
    return base::fail(base::ErrorKind::kInvalidParameter, "--target and --source must be in 127.0.0.0/8");
  plan.target = *target;
  plan.first_source = *source;
  plan.has_tls = options.mode == "tls";
  plan.warmup = nanoseconds(options.warmup);
  plan.duration = nanoseconds(options.seconds);
  if (options.kind == "flood" && plan.rate <= 0)
    return base::fail(base::ErrorKind::kInvalidParameter, "a flood needs --rate");
  auto tls = client_tls();
  if (!tls) return base::fail(tls.error());
  plan.tls = std::move(*tls);
  auto names = server_names(options);
  if (!names) return base::fail(names.error());
  for (const std::string& name : *names) {
    auto hello = client_hello(*plan.tls, name);
    if (!hello) return base::fail(hello.error());
    plan.servers.push_back({.name = name,
                            .hello = std::move(*hello),
                            .request = make_request(name, plan.request_bytes, plan.answer_bytes)});
  }
  return {};
}

void print(const Plan& plan, const Options& options, const Outcome& outcome) {
  const auto microseconds = [&](double share) { return static_cast<double>(outcome.latency.quantile(share)) / 1e3; };
  std::printf(
      "{\"kind\": \"%s\", \"mode\": \"%s\", \"connections\": %zu, \"seconds\": %.6f, \"requests\": %llu, "
      "\"bytes\": %llu, \"p50_us\": %.3f, \"p90_us\": %.3f, \"p99_us\": %.3f, \"max_us\": %.3f, \"errors\": %llu, "
      "\"refused\": %llu, \"silent\": %llu}\n",
      options.kind.c_str(), options.mode.c_str(), plan.connections, options.seconds,
      static_cast<unsigned long long>(outcome.latency.count()), static_cast<unsigned long long>(outcome.bytes),
      microseconds(0.5), microseconds(0.9), microseconds(0.99), static_cast<double>(outcome.latency.longest()) / 1e3,
      static_cast<unsigned long long>(outcome.errors), static_cast<unsigned long long>(outcome.refused),
      static_cast<unsigned long long>(outcome.silent));
  std::fflush(stdout);
}

int run(const Options& options, Plan& plan) {
  prepare_process();
  if (auto ready = complete(options, plan); !ready) {
    std::fprintf(stderr, "load: %s\n", ready.error().message.c_str());
    return 1;
  }
  const auto work = options.kind == "requests"   ? run_requests
                    : options.kind == "connects" ? run_connects
                    : options.kind == "idle"     ? run_idle
                                                 : run_flood;
  const std::size_t threads = std::min<std::size_t>(options.threads, plan.connections);
  std::vector<Outcome> outcomes(threads);
  Window window(plan, threads + 1);
  std::vector<std::thread> running;
  for (std::size_t i = 0; i < threads; ++i) {
    const std::size_t first = plan.connections * i / threads;
    const Share share{.first = first, .count = plan.connections * (i + 1) / threads - first};
    running.emplace_back([&plan, &window, &outcome = outcomes[i], share, work] { work(plan, share, window, outcome); });
  }
  window.arrive();
  if (options.kind != "idle") std::this_thread::sleep_until(window.begin());
  std::puts("begin");
  std::fflush(stdout);
  for (std::thread& thread : running)
    thread.join();

  Outcome all;
  for (const Outcome& outcome : outcomes)
    all.merge(outcome);
  if (!all.problem.empty()) {
    std::fprintf(stderr, "load: %s\n", all.problem.c_str());
    return 1;
  }
  print(plan, options, all);
  return 0;
}

}  // namespace

void Outcome::merge(const Outcome& other) {
  latency.merge(other.latency);
  bytes += other.bytes;
  errors += other.errors;
  refused += other.refused;
  silent += other.silent;
  if (problem.empty()) problem = other.problem;
}

}  // namespace sallyport::bench

int main(int argc, char** argv) {
  using namespace sallyport::bench;
  Options options;
  Plan plan;
  plan.request_bytes = 200;
  plan.answer_bytes = 1'000;
  CLI::App app("The client side of the benchmark, on loopback alone");
  app.add_option("--kind", options.kind)->check(CLI::IsMember({"requests", "connects", "idle", "flood"}));
  app.add_option("--mode", options.mode, "raw: behind a ClientHello, not encrypted")
      ->check(CLI::IsMember({"raw", "tls"}));
  app.add_option("--target", options.target, "IPv4:PORT")->required();
  app.add_option("--name", options.names, "server name");
  app.add_option("--names", options.names_file, "file of server names, one a line, for connections to take turns with");
  app.add_option("--source", options.source, "first source address");
  app.add_option("--sources", plan.sources, "how many from there on")->check(CLI::Range(1, 65'536));
  app.add_option("--connections", plan.connections, "at once")->check(CLI::Range(1, 65'536));
  app.add_option("--seconds", options.seconds, "measured")->check(CLI::Range(0.01, 600.0));
  app.add_option("--warmup", options.warmup, "seconds before")->check(CLI::Range(0.0, 60.0));
  app.add_option("--threads", options.threads, "event loops")->check(CLI::Range(1, 64));
  app.add_option("--request", plan.request_bytes, "bytes")->check(CLI::Range(kMinMessageBytes, kMaxMessageBytes));
  app.add_option("--answer", plan.answer_bytes, "bytes")->check(CLI::Range(kMinMessageBytes, kMaxMessageBytes));
  app.add_option("--rate", plan.rate, "requests or attempts a second; 0: as fast as answers come")
      ->check(CLI::Range(0.0, 100'000.0));
  CLI11_PARSE(app, argc, argv);
  return run(options, plan);
}
