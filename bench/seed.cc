// Multiplies a cluster in the store of a Sallyport that does not run, as so many calls of CreateCluster would. Prints
// the server names of the copies, one a line.
#include <CLI/CLI.hpp>

#include "base/result.h"
#include "model/cluster.h"
#include "store/sqlite/sqlite_store.h"
#include "store/store.h"

namespace sallyport::bench {
namespace {

constexpr std::size_t kBatch = 5'000;  // clusters of a transaction

struct Options {
  std::string database;
  std::string cluster;
  std::string region = "us-east-1";
  std::string zone;
  std::size_t count = 0;
};

// Spread over the whole range as random ones are, and the same in each run.
model::EndpointId endpoint_id(std::size_t number) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15U;
  const std::uint64_t high = (number + 1) * kOdd;
  const std::uint64_t low = (high ^ (high >> 29U)) * kOdd;
  std::string text(32, '0');
  std::snprintf(text.data(), text.size() + 1, "%016llX%016llX", static_cast<unsigned long long>(high),
                static_cast<unsigned long long>(low));
  return model::EndpointId(text);
}

model::Cluster copy_of(const model::Cluster& original, std::size_t number) {
  model::Cluster copy = original;
  const std::string name = original.name.str() + "-" + std::to_string(number);
  copy.name = model::ClusterName(name);
  copy.endpoint_id = endpoint_id(number);
  copy.arn = model::Arn(original.arn.str() + "-" + std::to_string(number));
  copy.client_request_token.clear();
  copy.client_request_hash.clear();
  return copy;
}

base::Status multiply(const Options& options) {
  auto store = store::open_sqlite_store(options.database);
  if (!store) return base::fail(store.error());
  auto inventory = (*store)->load();
  if (!inventory) return base::fail(inventory.error());
  const auto original = std::find_if(inventory->clusters.begin(), inventory->clusters.end(),
                                     [&](const auto& cluster) { return cluster.name.str() == options.cluster; });
  if (original == inventory->clusters.end())
    return base::fail(base::ErrorKind::kNotFound, options.cluster + ": no such cluster in " + options.database);
  for (std::size_t from = 0; from < options.count; from += kBatch) {
    store::Transaction transaction;
    for (std::size_t number = from; number < std::min(from + kBatch, options.count); ++number) {
      model::Cluster copy = copy_of(*original, number);
      std::puts(model::endpoint_host(copy.endpoint_id, model::Region(options.region), options.zone).c_str());
      transaction.puts.emplace_back(std::move(copy));
    }
    if (auto done = (*store)->commit(transaction); !done) return base::fail(done.error());
  }
  return {};
}

}  // namespace
}  // namespace sallyport::bench

int main(int argc, char** argv) {
  sallyport::bench::Options options;
  CLI::App app("Multiplies a cluster in the store of a Sallyport that does not run");
  app.add_option("--database", options.database)->required();
  app.add_option("--cluster", options.cluster, "the one to copy")->required();
  app.add_option("--zone", options.zone)->required();
  app.add_option("--count", options.count, "of copies")->required()->check(CLI::Range(1, 100'000));
  CLI11_PARSE(app, argc, argv);
  const auto done = sallyport::bench::multiply(options);
  if (!done) std::fprintf(stderr, "seed: %s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
