#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/http.h"
#include "model/ids.h"

namespace sallyport::api {

// A file of the web console as the build made it. All views are of static storage.
struct ConsoleFile {
  std::string_view path;  // below "/console/", such as "assets/index-1a2b3c.js"
  std::string_view type;
  std::string_view hash;  // of the bytes, in hexadecimal
  std::string_view bytes;
  std::string_view gzip;  // the same compressed; empty where that would not be shorter
};

// Serves the web console at /console/, and leads a browser that asks for "/" there. Needs no signature and tells
// nothing of the state: what the page then asks for, it asks the API. Browsers are told to load nothing from elsewhere
// (docs/adr/0032). Thread-safe.
class ConsoleSite {
 public:
  // `files` is empty in a build without the console; what is asked for is then answered with 404, saying so.
  // `workplace`: whether terminals can be offered.
  ConsoleSite(std::span<const ConsoleFile> files, const model::Region& region, std::string_view version,
              bool workplace = false);

  // Nothing where the request is not the console's, but the API's.
  std::optional<HttpResponse> answer(const HttpRequest& request) const;

 private:
  HttpResponse answer_path(std::string_view path, const HttpRequest& request) const;
  HttpResponse settings(const HttpRequest& request) const;

  const std::span<const ConsoleFile> files_;
  const std::string region_;
  const std::string version_;
  const bool workplace_;
};

}  // namespace sallyport::api
