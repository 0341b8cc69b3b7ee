#pragma once

#include <string>

#include "model/ids.h"
#include "wire/aead.h"
#include "wire/crypto.h"

namespace sallyport::iam {

// The secrets API servers show at the webhooks: one for each cluster, made of the installation's key, so that none is
// stored, and of the endpoint's id, so that a cluster made again has another. Immutable.
class WebhookBearers {
 public:
  explicit WebhookBearers(const wire::AeadKey& installation_key);

  // 43 characters of base64url; secret.
  std::string of(const model::EndpointId& endpoint) const;

 private:
  wire::Digest key_;
};

}  // namespace sallyport::iam
