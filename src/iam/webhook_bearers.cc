#include "iam/webhook_bearers.h"

#include "base/bytes.h"

namespace sallyport::iam {

// A key of its own: what is known of the bearers says nothing of the key that seals secrets.
WebhookBearers::WebhookBearers(const wire::AeadKey& installation_key)
    : key_(wire::hmac_sha256(installation_key, "sallyport webhook bearers v1")) {}

std::string WebhookBearers::of(const model::EndpointId& endpoint) const {
  return base::to_base64url(wire::hmac_sha256(key_, endpoint.str()));
}

}  // namespace sallyport::iam
