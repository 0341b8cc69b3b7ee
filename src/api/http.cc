#include "api/http.h"

#include "base/bytes.h"

namespace sallyport::api {

std::string_view HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (base::ascii_iequals(key, name)) return value;
  }
  return {};
}

}  // namespace sallyport::api
