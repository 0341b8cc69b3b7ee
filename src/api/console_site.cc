#include "api/console_site.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "wire/json_value.h"

namespace sallyport::api {

namespace {

constexpr std::string_view kRoot = "/console";
constexpr std::string_view kIndex = "index.html";
// The build puts a hash of their content into the names of these, so that a name never has other content.
constexpr std::string_view kImmutable = "assets/";

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types "
    "default";

HttpResponse answer_of(int status, std::string_view type, std::string body) {
  return {status,
          {{"Content-Type", std::string(type)},
           {"Content-Security-Policy", std::string(kPolicy)},
           {"X-Content-Type-Options", "nosniff"},
           {"X-Frame-Options", "DENY"},
           {"Referrer-Policy", "no-referrer"},
           {"Cross-Origin-Opener-Policy", "same-origin"},
           {"Cross-Origin-Resource-Policy", "same-origin"}},
          std::move(body)};
}

HttpResponse plain(int status, std::string_view text) {
  return answer_of(status, "text/plain; charset=utf-8", std::string(text) + "\n");
}

HttpResponse lead_to(int status, std::string_view where) {
  HttpResponse response = plain(status, where);
  response.headers.emplace_back("Location", where);
  return response;
}

std::string_view path_of(const HttpRequest& request) {
  return std::string_view(request.target).substr(0, request.target.find('?'));
}

// Calls `see` with each element of a comma-separated list, without the space around it.
template <class See>
void each_element(std::string_view list, See see) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view element = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (!element.empty() && (element.front() == ' ' || element.front() == '\t'))
      element.remove_prefix(1);
    while (!element.empty() && (element.back() == ' ' || element.back() == '\t'))
      element.remove_suffix(1);
    see(element);
  }
}

// RFC 9110 section 12.5.3, as far as gzip goes: "gzip;q=0" refuses it.
bool takes_gzip(const HttpRequest& request) {
  bool takes = false;
  each_element(request.header("Accept-Encoding"), [&](std::string_view coding) {
    const std::string_view name = coding.substr(0, coding.find_first_of("; "));
    if (!base::ascii_iequals(name, "gzip")) return;
    const std::size_t weight = coding.find("q=");
    takes = weight == std::string_view::npos || coding.find_first_of("123456789", weight + 2) != std::string_view::npos;
  });
  return takes;
}

// A validator that a shared cache weakened is compared as if it had not (RFC 9110 section 13.1.2).
bool has_it(const HttpRequest& request, std::string_view tag) {
  bool found = false;
  each_element(request.header("If-None-Match"), [&](std::string_view known) {
    if (known.starts_with("W/")) known.remove_prefix(2);
    found = found || known == tag || known == "*";
  });
  return found;
}

HttpResponse answer_file(const ConsoleFile& file, const HttpRequest& request) {
  const bool compressed = !file.gzip.empty() && takes_gzip(request);
  const std::string tag = '"' + std::string(file.hash) + (compressed ? "-gzip" : "") + '"';
  const bool known = has_it(request, tag);
  HttpResponse response =
      answer_of(known ? 304 : 200, file.type, known ? std::string() : std::string(compressed ? file.gzip : file.bytes));
  response.headers.emplace_back("ETag", tag);
  response.headers.emplace_back("Cache-Control",
                                file.path.starts_with(kImmutable) ? "public, max-age=31536000, immutable" : "no-cache");
  if (!file.gzip.empty()) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (compressed && !known) response.headers.emplace_back("Content-Encoding", "gzip");
  return response;
}

// What a browser sends when a person types the address of the API. Clients of AWS sign what they send.
bool is_person_at_root(const HttpRequest& request) {
  return request.target == "/" && request.method == "GET" && request.header("Authorization").empty() &&
         request.header("Accept").find("text/html") != std::string_view::npos;
}

}  // namespace

ConsoleSite::ConsoleSite(std::span<const ConsoleFile> files, const model::Region& region, std::string_view version,
                         bool workplace)
    : files_(files), region_(region.str()), version_(version), workplace_(workplace) {}

std::optional<HttpResponse> ConsoleSite::answer(const HttpRequest& request) const {
  if (!files_.empty() && is_person_at_root(request)) return lead_to(302, "/console/");
  std::string_view path = path_of(request);
  if (!path.starts_with(kRoot)) return std::nullopt;
  path.remove_prefix(kRoot.size());
  if (!path.empty() && path.front() != '/') return std::nullopt;
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse refused = plain(405, "The console is only read: GET and HEAD are served here.");
    refused.headers.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  if (path.empty()) return lead_to(308, "/console/");
  return answer_path(path.substr(1), request);
}

HttpResponse ConsoleSite::answer_path(std::string_view path, const HttpRequest& request) const {
  if (files_.empty()) return plain(404, "This Sallyport was built without the console (SALLYPORT_CONSOLE=OFF).");
  if (path == "settings.json") return settings(request);
  if (path.empty()) path = kIndex;
  const auto found = std::ranges::find(files_, path, &ConsoleFile::path);
  if (found == files_.end()) return plain(404, "The console has no such file; it begins at /console/.");
  return answer_file(*found, request);
}

HttpResponse ConsoleSite::settings(const HttpRequest& request) const {
  HttpResponse response = answer_of(200, "application/json",
                                    wire::to_text(wire::JsonObject{{"region", region_},
                                                                   {"version", version_},
                                                                   {"sourceAddress", request.source.to_string()},
                                                                   {"workplace", workplace_}}));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace sallyport::api
