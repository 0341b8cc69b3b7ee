#include "api/eks/responses.h"

#include <string>
#include <utility>

namespace sallyport::api::eks {

HttpResponse json_answer(const wire::Json& body) {
  return {200, {{"Content-Type", "application/json"}}, wire::to_text(body)};
}

control::Caller caller_of(const Call& call) {
  const iam::Principal& who = call.principal;
  std::string id;
  if (who.user) id = who.user->str();
  if (who.role) id = who.role->str();
  return {who.arn, call.http.source.to_string(), call.request_id, std::move(id)};
}

}  // namespace sallyport::api::eks
