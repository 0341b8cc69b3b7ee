#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/cluster.h"
#include "model/network.h"
#include "model/update.h"

// Entities as JSON text (RFC 8259), the form every backend stores; times in milliseconds since the epoch, blocks
// and addresses in their text form. Decoding is strict: another format version, a missing or unknown member, a
// wrong type, a fraction for a whole number or an unknown enumerator is kCorrupt, naming the path, such as
// "cluster.access.publicAccess". Texts are to be UTF-8: what decodes again is for the caller to check.
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
