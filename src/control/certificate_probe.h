#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "model/cluster.h"
#include "model/snapshot.h"

namespace sallyport::control {

// Asks each server of a pool for its certificate as a client of the endpoint would (TLS with `host` as the
// server name, RFC 6066 section 3) and returns what such a client would trip over, in the order of the
// servers; none when all is well. At most one issue a server:
//   ClusterUnreachable      no TCP connection or no TLS handshake within kCertificateProbeTime
//   ConfigurationConflict   the chain does not lead to the pool's CA, the certificate is past or before its
//                           validity, or it does not name `host` (RFC 6125; the subject's common name does
//                           not count, as in Go); also a CA that cannot be read
//   Other                   good, but ends within kCertificateExpiryNotice
// `now` is what validity is judged by. resource_ids holds the server's address. Blocks for at most
// kCertificateProbeTime a server; any thread; throws nothing, failures of ours are an InternalFailure issue.
std::vector<model::HealthIssue> probe_certificates(const model::Pool& pool, const std::string& host,
                                                   base::Time now) noexcept;

}  // namespace sallyport::control
