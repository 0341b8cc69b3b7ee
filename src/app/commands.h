#pragma once

#include <cstddef>
#include <string>

// The subcommands that answer and end. Each prints to stdout, complains to stderr and returns the exit code: 0, 1
// when it failed, 2 when the configuration is wrong. `json` prints one JSON object instead of text.
namespace sallyport::app {

int check_command(const std::string& config_file, bool json);
int env_command(const std::string& data_dir);
int status_command(const std::string& data_dir, bool json);
int traffic_command(const std::string& data_dir, const std::string& cluster, bool as_json);
// `vpc_config`: the value of the AWS CLI's --resources-vpc-config.
int preview_command(const std::string& data_dir, const std::string& cluster, const std::string& vpc_config,
                    bool as_json);
int explain_command(const std::string& data_dir, const std::string& cluster, const std::string& source,
                    const std::string& vpc, bool json);
// `cluster` empty: of all clusters.
int zones_command(const std::string& data_dir, const std::string& cluster, bool json);
// `update` empty: the cluster with its last updates.
int describe_command(const std::string& data_dir, const std::string& cluster, const std::string& update, bool json);

// Prints the kubeconfig file with which API servers ask a webhook, "authentication" or "authorization", and on stderr
// the flags that name it.
int webhook_config_command(const std::string& data_dir, const std::string& cluster, const std::string& kind, bool json);
struct AuditOptions {
  std::string dir;  // empty: "audit" in the data folder
  std::size_t limit = 20;
  std::string since;  // empty: from the beginning
};
// Reads the files; needs no running Sallyport. As JSON: {"Records": […]}, as CloudTrail's files have them.
int audit_command(const std::string& data_dir, const AuditOptions& options, bool json);

}  // namespace sallyport::app
