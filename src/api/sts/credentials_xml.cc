#include "api/sts/credentials_xml.h"

#include "api/errors.h"
#include "base/time.h"

namespace sallyport::api::sts {

std::string credentials_xml(const iam::Session& session, const iam::Sealer& sealer) {
  return "<Credentials><AccessKeyId>" + session.access_key_id + "</AccessKeyId><SecretAccessKey>" +
         escape_xml(session.secret) + "</SecretAccessKey><SessionToken>" + iam::session_token(session, sealer) +
         "</SessionToken><Expiration>" + base::format_rfc3339_seconds(session.expires_at) +
         "</Expiration></Credentials>";
}

}  // namespace sallyport::api::sts
