#include "app/render_traffic.h"

#include <cstdint>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

namespace sallyport::app {

namespace {

namespace json = boost::json;
using Rows = std::vector<std::vector<Cell>>;

const json::object& child(const json::object& of, std::string_view key) {
  static const json::object none;
  const json::value* value = of.if_contains(key);
  return value != nullptr && value->is_object() ? value->get_object() : none;
}

std::string text(const json::object& of, std::string_view key) {
  const json::value* value = of.if_contains(key);
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

bool flag(const json::object& of, std::string_view key) {
  const json::value* value = of.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::string count_text(const json::object& source) {
  const std::string uncertain = text(source, "uncertain");
  return text(source, "connections") + (uncertain.empty() ? "" : " + up to " + uncertain);
}

std::string reason_text(const json::object& source) {
  if (source.contains("droppedBy")) return "dropped by the kernel filter";
  return text(source, "reason");
}

void append(Rows& rows, const json::object& group, const Cell& outcome) {
  const json::value* sources = group.if_contains("sources");
  if (sources == nullptr || !sources->is_array()) return;
  for (const json::value& item : sources->get_array()) {
    if (!item.is_object()) continue;
    const json::object& source = item.get_object();
    const bool allowed_now = flag(source, "allowedNow");
    rows.push_back({{text(source, "source")},
                    {text(source, "side")},
                    outcome,
                    {count_text(source)},
                    {reason_text(source)},
                    {text(source, "lastSeen")},
                    {allowed_now ? "allow" : "deny", allowed_now ? Tone::kGood : Tone::kBad}});
  }
}

std::string more(const json::object& group, std::string_view what) {
  const std::string omitted = text(group, "sourcesOmitted");
  return omitted.empty() || omitted == "0" ? std::string() : omitted + " more " + std::string(what) + " sources\n";
}

}  // namespace

std::string render_traffic(const json::object& view, const Painter& paint) {
  const json::object& traffic = child(view, "traffic");
  const json::object& allowed = child(traffic, "allowed");
  const json::object& denied = child(traffic, "denied");
  const json::object& unnamed = child(traffic, "unnamed");
  const json::object& kernel = child(traffic, "kernelFilter");
  std::string out = pairs(paint, {{"since", {text(traffic, "since")}},
                                  {"allowed", {text(allowed, "connections"), Tone::kGood}},
                                  {"denied", {text(denied, "connections"), Tone::kBad}},
                                  {"denied unnamed", {text(unnamed, "connections"), Tone::kBad}},
                                  {"SYNs dropped", {text(kernel, "droppedSyns") + ", by all listeners"}}});
  Rows rows;
  append(rows, denied, {"denied", Tone::kBad});
  append(rows, unnamed, {"unnamed", Tone::kBad});
  append(rows, allowed, {"allowed", Tone::kGood});
  const std::string sources = table(paint, {"SOURCE", "SIDE", "WAS", "COUNT", "REASON", "LAST SEEN", "NOW"}, rows);
  if (!sources.empty()) out += "\n" + sources;
  out += more(denied, "denied") + more(unnamed, "unnamed") + more(allowed, "allowed");
  return out + "\n" + paint(text(kernel, "note"), Tone::kDim) + "\n";
}

}  // namespace sallyport::app
