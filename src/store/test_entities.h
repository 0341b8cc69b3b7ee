#pragma once

#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "store/store.h"

// Small entities for tests of stores.
namespace sallyport::store::testing_entities {

inline model::Cluster cluster(const std::string& name, const std::string& version = "1.34") {
  model::Cluster made;
  made.name = model::ClusterName(name);
  made.version = version;
  return made;
}

inline model::Update update(const std::string& cluster, const std::string& id, const std::string& token = {}) {
  model::Update made;
  made.cluster = model::ClusterName(cluster);
  made.id = model::UpdateId(id);
  made.client_request_token = token;
  made.change = model::DeletionProtectionChange{.target = true, .previous = false};
  return made;
}

inline model::Update finished(model::Update update) {
  update.status = model::UpdateStatus::kSuccessful;
  update.step = model::UpdateStep::kDone;
  return update;
}

inline model::Vpc vpc(const std::string& id) {
  model::Vpc made;
  made.id = model::VpcId(id);
  return made;
}

inline model::Subnet subnet(const std::string& id, const std::string& vpc) {
  model::Subnet made;
  made.id = model::SubnetId(id);
  made.vpc = model::VpcId(vpc);
  return made;
}

inline model::SecurityGroup group(const std::string& id, const std::string& vpc) {
  model::SecurityGroup made;
  made.id = model::SecurityGroupId(id);
  made.vpc = model::VpcId(vpc);
  return made;
}

// One of the kinds of model::NetworkObjects and model::IdentityObjects; where the kind has them, in "subnet-1" of
// "vpc-1".
template <class T>
T object(const std::string& id, const std::string& mark = {}) {
  T made;
  made.id = model::IdOf<T>(id);
  if constexpr (requires { made.tags; }) {
    made.tags["mark"] = mark;
  } else {
    made.sealed_secret = mark;
  }
  if constexpr (requires { made.subnet; }) {
    made.subnet = model::SubnetId("subnet-1");
    made.vpc = model::VpcId("vpc-1");
  }
  return made;
}

// Calls `visit(std::type_identity<T>())` for each kind T of model::NetworkObjects and model::IdentityObjects.
template <class Visit>
void for_each_kind(Visit visit) {
  const auto each = [&]<class... Tables>(const Tables&... /*tables*/) {
    (visit(std::type_identity<std::remove_const_t<typename Tables::mapped_type::element_type>>()), ...);
  };
  std::apply(each, model::NetworkObjects());
  std::apply(each, model::IdentityObjects());
}

inline AuditEvent event(const std::string& action) {
  return {.at = base::Time(base::Millis(1'764'000'000'123)),
          .request_id = "id of " + action,
          .principal = "arn",
          .source_address = "192.0.2.1",
          .action = action,
          .resource = "cluster"};
}

inline Transaction puts(std::vector<Entity> entities) {
  Transaction made;
  made.puts = std::move(entities);
  return made;
}

inline Transaction erases(std::vector<EntityId> ids) {
  Transaction made;
  made.erases = std::move(ids);
  return made;
}

inline Transaction based_on(model::Revision revision, Transaction transaction) {
  transaction.based_on = revision;
  return transaction;
}

}  // namespace sallyport::store::testing_entities
