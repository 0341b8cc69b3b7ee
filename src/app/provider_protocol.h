#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "control/provider.h"
#include "model/cluster.h"

// What is said to a provider and by it: docs/provider.md. Pure.
namespace sallyport::app {

// One JSON object for the provider's standard input.
std::string create_request(const model::Cluster& cluster, const std::string& endpoint_host,
                           const std::optional<control::WebhookEndpoints>& webhooks);
std::string delete_request(const model::Cluster& cluster);

// Of what it wrote to standard output and exited with 0. Errors say what is wrong with it.
base::Result<control::ProvidedServers> parse_create_reply(std::string_view reply);
// The provider's own words for why it failed, where it gave some; at most limits::kProviderLineBytes.
std::optional<std::string> parse_failure(std::string_view reply);
// A line as it may be logged and shown: bounded, control characters and bytes that are not ASCII or UTF-8 replaced.
std::string printable_line(std::string_view line);

}  // namespace sallyport::app
