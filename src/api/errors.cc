#include "api/errors.h"

#include <cstdint>

#include <boost/json.hpp>

#include "base/bytes.h"

namespace sallyport::api {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// The length of the UTF-8 sequence (RFC 3629) that `text` begins with; 0 when it begins with none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                             : lead >= 0xe0 && lead <= 0xef ? 3
                             : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const std::uint8_t second = byte(1);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate = lead == 0xed && second > 0x9f;
  const bool too_big = lead == 0xf4 && second > 0x8f;
  return overlong || surrogate || too_big ? 0 : length;
}

// `text` with every byte that is not of a UTF-8 sequence replaced: serializers pass bytes through unchecked.
std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    out += length == 0 ? kReplacement : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string element(std::string_view name, std::string_view text) {
  const std::string tag(name);
  return '<' + tag + '>' + escape_xml(text) + "</" + tag + '>';
}

// All of an ErrorResponse but its start tag.
std::string error_response(int status, std::string_view code, std::string_view message, std::string_view request_id) {
  return "<Error>" + element("Type", status >= 500 ? "Receiver" : "Sender") + element("Code", code) +
         element("Message", message) + "</Error>" + element("RequestId", request_id) + "</ErrorResponse>";
}

HttpResponse xml(int status, const std::string& body) {
  return {status,
          {{"Content-Type", "text/xml;charset=UTF-8"}},
          R"(<?xml version="1.0" encoding="UTF-8"?>)"
          "\n" +
              body};
}

}  // namespace

HttpResponse rest_json_error(int status, std::string_view type, std::string_view message,
                             const std::vector<std::pair<std::string, std::string>>& extra) {
  boost::json::object body;
  for (const auto& [name, value] : extra)
    body[valid_utf8(name)] = valid_utf8(value);
  body["message"] = valid_utf8(message);
  return {status,
          {{"Content-Type", "application/json"}, {"x-amzn-ErrorType", std::string(type)}},
          boost::json::serialize(body)};
}

HttpResponse query_error(int status, std::string_view code, std::string_view message, std::string_view request_id) {
  return xml(status, "<ErrorResponse>" + error_response(status, code, message, request_id));
}

HttpResponse route53_error(int status, std::string_view code, std::string_view message, std::string_view request_id) {
  return xml(status, R"(<ErrorResponse xmlns=")" + std::string(kRoute53Namespace) + R"(">)" +
                         error_response(status, code, message, request_id));
}

HttpResponse ec2_error(int status, std::string_view code, std::string_view message, std::string_view request_id) {
  return xml(status, "<Response><Errors><Error>" + element("Code", code) + element("Message", message) +
                         "</Error></Errors>" + element("RequestID", request_id) + "</Response>");
}

std::string escape_xml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : valid_utf8(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&apos;"; break;
      default:
        if (static_cast<std::uint8_t>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') {
          out += kReplacement;
        } else {
          out.push_back(c);
        }
    }
  }
  return out;
}

}  // namespace sallyport::api
