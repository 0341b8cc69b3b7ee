#include "app/render_audit.h"

#include <string_view>
#include <utility>

#include <boost/json.hpp>

namespace sallyport::app {

namespace {

namespace json = boost::json;

std::string text(const json::object& of, std::string_view key) {
  const json::value* value = of.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

// "user/ann", "assumed-role/ops/ann", "root": what tells identities of one account apart.
std::string who(const json::object& record) {
  const json::value* identity = record.if_contains("userIdentity");
  if (identity == nullptr || !identity->is_object()) return {};
  const std::string arn = text(identity->get_object(), "arn");
  return arn.empty() ? text(identity->get_object(), "type") : arn.substr(arn.rfind(':') + 1);
}

std::string action(const json::object& record) {
  const std::string source = text(record, "eventSource");
  return source.substr(0, source.find('.')) + ":" + text(record, "eventName");
}

Cell result(const json::object& record) {
  std::string code = text(record, "errorCode");
  if (code.empty()) return {"ok", Tone::kGood};
  return {std::move(code), Tone::kBad};
}

}  // namespace

std::string render_audit(const std::vector<json::object>& records, const Painter& paint) {
  std::vector<std::vector<Cell>> rows;
  for (const json::object& record : records) {
    rows.push_back({{text(record, "eventTime")},
                    {who(record)},
                    {text(record, "sourceIPAddress")},
                    {action(record)},
                    result(record),
                    {text(record, "requestID")}});
  }
  return table(paint, {"TIME", "PRINCIPAL", "SOURCE", "ACTION", "RESULT", "REQUEST"}, rows);
}

}  // namespace sallyport::app
