#pragma once

#include <string>

#include "workplace/session_request.h"

namespace sallyport::workplace {

inline const std::string kTestRequest =
    R"({"principalArn":"arn:aws:iam::000000000000:user/ann","holder":"AIDA1","region":"us-east-1","requestId":"req-1",)"
    R"("cluster":{"name":"prod","endpoint":"https://ABC.gr1.us-east-1.eks.sallyport.internal:8443",)"
    R"("certificateAuthority":"Q0E="},)"
    R"("credentials":{"accessKeyId":"ASIA1","secretAccessKey":"very/secret","sessionToken":"token+/=",)"
    R"("expiration":1764403600}})";

inline SessionRequest test_request(const std::string& principal, const std::string& holder) {
  SessionRequest request = *parse_session_request(kTestRequest);
  request.principal = principal;
  request.holder = holder;
  return request;
}

}  // namespace sallyport::workplace
