#include "api/eks/responses.h"

namespace sallyport::api::eks {

HttpResponse json_answer(const wire::Json& body) {
  return {200, {{"Content-Type", "application/json"}}, wire::to_text(body)};
}

control::Caller caller_of(const Call& call) {
  return {call.principal.arn, call.http.source.to_string(), call.request_id};
}

}  // namespace sallyport::api::eks
