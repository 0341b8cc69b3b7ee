#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/cluster.h"
#include "model/network.h"
#include "model/update.h"

// Entities as JSON text, the form every backend stores. Decoding is strict: a missing or unknown member, a
// wrong type or an unknown enumerator is kCorrupt, naming the path, such as "cluster.access.publicAccess".
namespace sallyport::store {

std::string encode(const model::Cluster& cluster);
std::string encode(const model::Update& update);
std::string encode(const model::Vpc& vpc);
std::string encode(const model::Subnet& subnet);
std::string encode(const model::SecurityGroup& group);

base::Result<model::Cluster> decode_cluster(std::string_view text);
base::Result<model::Update> decode_update(std::string_view text);
base::Result<model::Vpc> decode_vpc(std::string_view text);
base::Result<model::Subnet> decode_subnet(std::string_view text);
base::Result<model::SecurityGroup> decode_security_group(std::string_view text);

}  // namespace sallyport::store
