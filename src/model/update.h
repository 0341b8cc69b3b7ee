#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/cluster.h"
#include "model/endpoint_access.h"
#include "model/ids.h"

namespace sallyport::model {

enum class UpdateStatus { kInProgress, kSuccessful, kFailed, kCancelled };

// What one update changes. A request changes one category, so an update holds one alternative.
struct AccessChange {
  EndpointAccess target;
  EndpointAccess previous;
  bool previous_public_resolves_private = true;
  std::optional<HostedZone> target_zone{};
  std::optional<HostedZone> previous_zone{};
  friend bool operator==(const AccessChange&, const AccessChange&) = default;
};
struct VpcConfigChange {
  VpcConfig target;
  VpcConfig previous;
  friend bool operator==(const VpcConfigChange&, const VpcConfigChange&) = default;
};
struct LoggingChange {
  std::vector<LogType> target;
  std::vector<LogType> previous;
  friend bool operator==(const LoggingChange&, const LoggingChange&) = default;
};
struct DeletionProtectionChange {
  bool target = false;
  bool previous = false;
  friend bool operator==(const DeletionProtectionChange&, const DeletionProtectionChange&) = default;
};
struct AuthenticationModeChange {
  AuthenticationMode target = AuthenticationMode::kApi;
  AuthenticationMode previous = AuthenticationMode::kApi;
  friend bool operator==(const AuthenticationModeChange&, const AuthenticationModeChange&) = default;
};
using Change =
    std::variant<AccessChange, VpcConfigChange, LoggingChange, DeletionProtectionChange, AuthenticationModeChange>;

// One element of the EKS `errors` of an update. Codes are those of the service model's ErrorCode.
struct UpdateError {
  std::string code;
  std::string message;
  std::vector<std::string> resource_ids;
  friend bool operator==(const UpdateError&, const UpdateError&) = default;
};

// How far an update has come; each step is durable before the next begins (design.md section 3).
enum class UpdateStep {
  kStored,       // accepted and durable; the cluster still has its previous setting
  kPublished,    // the cluster has the target setting at `revision`; nodes are enforcing it
  kRollingBack,  // the previous setting is back at `revision`; nodes are enforcing that
  kDone,         // terminal status reached
};

struct Update {
  UpdateId id;
  ClusterName cluster;
  UpdateStatus status = UpdateStatus::kInProgress;
  UpdateStep step = UpdateStep::kStored;
  Change change;
  base::Time created_at{};
  std::optional<base::Time> finished_at;
  std::optional<Revision> revision;  // set from kPublished on
  std::vector<UpdateError> errors;
  std::vector<std::string> warnings;  // Sallyport's extension
  std::uint64_t connections_cut = 0;  // Sallyport's extension; counted by the gateways
  std::string client_request_token;
  std::string client_request_hash;

  friend bool operator==(const Update&, const Update&) = default;
};

// The EKS UpdateType: "EndpointAccessUpdate", "VpcConfigUpdate", "LoggingUpdate",
// "DeletionProtectionUpdate", "AccessConfigUpdate".
std::string_view type_of(const Change& change);
std::string_view to_string(UpdateStatus status);  // "InProgress"
std::optional<UpdateStatus> parse_update_status(std::string_view text);
std::string_view to_string(UpdateStep step);  // "published"
std::optional<UpdateStep> parse_update_step(std::string_view text);

}  // namespace sallyport::model
