#pragma once

#include "api/handler.h"
#include "api/http.h"
#include "control/control_plane.h"
#include "wire/json_value.h"

namespace sallyport::api::eks {

HttpResponse json_answer(const wire::Json& body);
control::Caller caller_of(const Call& call);

}  // namespace sallyport::api::eks
