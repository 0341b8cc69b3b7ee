#include "api/sts/credentials_xml.h"

#include "api/errors.h"
#include "base/time.h"

namespace sallyport::api::sts {

std::string credentials_xml(const iam::Session& session, const iam::Sealer& sealer) {
  std::string expires = base::format_rfc3339(session.expires_at);
  expires.replace(expires.find('.'), std::string::npos, "Z");
  return "<Credentials><AccessKeyId>" + session.access_key_id + "</AccessKeyId><SecretAccessKey>" +
         escape_xml(session.secret) + "</SecretAccessKey><SessionToken>" + iam::session_token(session, sealer) +
         "</SessionToken><Expiration>" + expires + "</Expiration></Credentials>";
}

}  // namespace sallyport::api::sts
