#include "app/render_traffic.h"

#include <string_view>
#include <vector>

#include "app/members.h"

namespace sallyport::app {

namespace {

namespace json = boost::json;
using Rows = std::vector<std::vector<Cell>>;

std::string count_text(const json::object& source) {
  const std::string uncertain = text(source, "uncertain");
  return text(source, "connections") + (uncertain.empty() ? "" : " + up to " + uncertain);
}

std::string reason_text(const json::object& source) {
  if (source.contains("droppedBy")) return "dropped by the kernel filter";
  return text(source, "reason");
}

void append(Rows& rows, const json::object& group, const Cell& outcome) {
  each(group, "sources", [&](const json::object& source) {
    const bool allowed_now = flag(source, "allowedNow");
    rows.push_back({{text(source, "source")},
                    {text(source, "side")},
                    outcome,
                    {count_text(source)},
                    {reason_text(source)},
                    {text(source, "lastSeen")},
                    {allowed_now ? "allow" : "deny", allowed_now ? Tone::kGood : Tone::kBad}});
  });
}

std::string more(const json::object& group, std::string_view what) {
  const std::string omitted = text(group, "sourcesOmitted");
  return omitted.empty() || omitted == "0" ? std::string() : omitted + " more " + std::string(what) + " sources\n";
}

std::string dropped_text(const json::object& kernel) {
  if (!flag(kernel, "active")) return "nobody: no kernel filter is active";
  return text(kernel, "droppedSyns") +
         " attempts, by the kernel at all listeners, repetitions counted, in no other total" +
         (flag(kernel, "sourcesKnown") ? "" : "; by sources that are not known");
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
                                  {"refused at once",
                                   {text(unnamed, "connections") + " at its listeners since " + text(unnamed, "since") +
                                        ": no cluster there admits the source",
                                    Tone::kBad}},
                                  {"dropped", {dropped_text(kernel)}}});
  Rows rows;
  append(rows, denied, {"denied", Tone::kBad});
  append(rows, unnamed, {"refused", Tone::kBad});
  append(rows, allowed, {"allowed", Tone::kGood});
  const std::string sources = table(paint, {"SOURCE", "SIDE", "WAS", "COUNT", "REASON", "LAST SEEN", "NOW"}, rows);
  if (!sources.empty()) out += "\n" + sources;
  out += more(denied, "denied") + more(unnamed, "refused") + more(allowed, "allowed");
  return out;
}

}  // namespace sallyport::app
