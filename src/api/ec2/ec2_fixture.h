#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/ec2/operation.h"
#include "api/query_answer_fixture.h"
#include "base/entropy.h"
#include "control/network.h"
#include "control/network_state.h"
#include "model/snapshot.h"

// For tests: EC2 operations one after the other over a state in memory, without store or HTTP.
namespace sallyport::api::ec2 {

using Ec2Answer = QueryAnswer;

class Ec2World {
 public:
  Ec2World() { world_.region = model::Region("us-east-1"); }

  // The default VPC with its subnets and its group, as the first start makes it; its id.
  std::string add_default_vpc() {
    const auto made = control::default_vpc({}, world_.region, entropy_);
    commit(made.value());
    for (const auto& [id, vpc] : world_.vpcs) {
      if (vpc->is_default) return id.str();
    }
    throw std::logic_error("there is no default VPC");
  }

  // Runs the operation as the service does and applies what it changes. Throws for an operation that is not served
  // and for one that changes state without saying that it writes.
  Ec2Answer call(std::string_view operation, wire::Pairs parameters = {}) {
    const Entry* entry = find_operation(operation);
    if (entry == nullptr) throw std::logic_error("no operation " + std::string(operation));
    parameters.emplace_back("Action", operation);
    parameters.emplace_back("Version", "2016-11-15");
    const auto params = params_of(parameters);
    if (!params) return {{}, params.error()};
    auto outcome = run(*entry, {.world = world_,
                                .params = *params,
                                .account = account_,
                                .now = now,
                                .entropy = entropy_,
                                .token_key = "token key",
                                .deleted_connections = deleted_,
                                .elastic_ip_pool = elastic_ip_pool,
                                .default_vpc_block = {}});
    if (!outcome) return {{}, outcome.error()};
    if (!entry->writes && !(outcome->puts.empty() && outcome->erases.empty())) {
      throw std::logic_error(std::string(operation) + " changes state and is not said to write");
    }
    for (model::VpnConnection& connection : outcome->deleted_connections)
      deleted_.remember(std::move(connection), now);
    store::Transaction transaction;
    transaction.puts = std::move(outcome->puts);
    transaction.erases = std::move(outcome->erases);
    if (!transaction.puts.empty() || !transaction.erases.empty()) commit(std::move(transaction));
    return {outcome->answer.str(), std::nullopt};
  }

  // The text of element `name` of a call that must succeed.
  std::string made(std::string_view operation, std::string_view name, wire::Pairs parameters = {}) {
    const Ec2Answer answer = call(operation, std::move(parameters));
    if (!answer.ok()) throw std::runtime_error(std::string(operation) + ": " + answer.code() + ": " + answer.message());
    return answer.text(name);
  }
  std::string make_vpc(const std::string& block) { return made("CreateVpc", "vpcId", {{"CidrBlock", block}}); }

  // A cluster with these subnets and groups, as if created before.
  void add_cluster(const std::string& name, const std::string& vpc, const std::vector<std::string>& subnets,
                   const std::string& cluster_group = {}) {
    model::Cluster cluster;
    cluster.name = model::ClusterName(name);
    cluster.vpc_config.vpc = model::VpcId(vpc);
    for (const std::string& subnet : subnets)
      cluster.vpc_config.subnets.emplace_back(subnet);
    cluster.vpc_config.cluster_security_group = model::SecurityGroupId(cluster_group);
    world_.put_cluster(std::move(cluster));
  }

  // Anything else, with what follows from it.
  void commit(store::Transaction transaction) {
    EXPECT_TRUE(control::add_derived(control::network_after(world_, transaction), transaction));
    for (const store::Entity& entity : transaction.puts)
      control::put_network(world_, entity);
    for (const store::EntityId& id : transaction.erases)
      control::erase_network(world_, id);
    ++commits;
  }

  const model::Snapshot& world() const { return world_; }
  const model::Vpc& vpc(const std::string& id) const { return *world_.vpcs.at(model::VpcId(id)); }
  const model::SecurityGroup& group(const std::string& id) const {
    return *world_.security_groups.at(model::SecurityGroupId(id));
  }
  // The group "default" of a VPC.
  std::string default_group(const std::string& vpc) const {
    for (const auto& [id, group] : world_.security_groups) {
      if (group->vpc.str() == vpc && group->name == "default") return id.str();
    }
    throw std::logic_error("no default group in " + vpc);
  }

  base::Time now{std::chrono::seconds(1'764'000'000)};
  std::vector<model::Cidr> elastic_ip_pool;
  int commits = 0;  // changes so far

 private:
  model::Snapshot world_;
  DeletedConnections deleted_;
  model::AccountId account_{"000000000000"};
  base::SystemEntropy entropy_;
};

}  // namespace sallyport::api::ec2
