#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace sallyport::api {

// A refusal in a service's own words: `code` is one that its reference documents, `message` names the parameter, its
// value and the remedy.
struct Fault {
  std::string code;
  std::string message;
  int status = 400;
};

template <class T>
using Checked = tl::expected<T, Fault>;

inline tl::unexpected<Fault> fault(std::string code, std::string message) {
  return tl::unexpected<Fault>(Fault{std::move(code), std::move(message), 400});
}
inline tl::unexpected<Fault> fault(Fault known) { return tl::unexpected<Fault>(std::move(known)); }

}  // namespace sallyport::api
