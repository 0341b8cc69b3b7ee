#include "app/render_preview.h"

#include <utility>
#include <vector>

#include "app/members.h"
#include "app/render.h"

namespace sallyport::app {

namespace {

namespace json = boost::json;

std::string sources(const json::object& connections, const Painter& paint) {
  std::vector<std::vector<Cell>> rows;
  each(connections, "cutSources", [&](const json::object& lost) {
    rows.push_back({{text(lost, "source")}, {text(lost, "side")}, {text(lost, "connections"), Tone::kBad}});
  });
  std::string listed = table(paint, {"SOURCE", "SIDE", "CONNECTIONS CUT"}, rows);
  const std::string omitted = text(connections, "cutSourcesOmitted");
  if (!omitted.empty() && omitted != "0") listed += omitted + " more sources\n";
  return listed.empty() ? listed : "\n" + listed;
}

}  // namespace

std::string render_preview(const json::object& view, const Painter& paint) {
  const json::object& change = child(view, "change");
  const json::object& connections = child(view, "connections");
  std::vector<std::pair<std::string, Cell>> lines{{"cluster", {text(view, "cluster")}},
                                                  {"now", {access_text(child(change, "from"))}},
                                                  {"then", {access_text(child(change, "to"))}}};
  if (connections.empty()) {
    lines.push_back({"connections", {"not known: this process has no gateway", Tone::kWarn}});
  } else {
    const std::string cut = text(connections, "cut");
    lines.push_back({"would be cut", {cut, cut == "0" ? Tone::kGood : Tone::kBad}});
    lines.push_back({"would stay", {text(connections, "kept")}});
  }
  if (const std::string earlier = text(connections, "inEarlierProcesses"); !earlier.empty() && earlier != "0") {
    lines.push_back(
        {"not counted", {earlier + " of all clusters, in earlier processes; judged by the update too", Tone::kWarn}});
  }
  each_text(view, "warnings", [&](const std::string& warning) {
    lines.push_back({"warning", {warning, Tone::kWarn}});
  });
  return pairs(paint, lines) + sources(connections, paint);
}

}  // namespace sallyport::app
