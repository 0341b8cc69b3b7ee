#include "api/audit/parameters.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "api/eks/routes.h"
#include "api/insight/insight_routes.h"
#include "api/query_form.h"
#include "api/route53/routes.h"
#include "base/bytes.h"
#include "wire/json_parse.h"

namespace sallyport::api::audit {

namespace {

constexpr std::string_view kUnknown = "Unknown";
constexpr std::size_t kLongestOperation = 64;
constexpr std::size_t kDeepestName = 8;
constexpr std::size_t kMostDigits = 9;

struct Version {
  std::string_view version;
  std::string_view service;
};
constexpr std::array<Version, 3> kVersions = {{{"2016-11-15", "ec2"}, {"2010-05-08", "iam"}, {"2011-06-15", "sts"}}};

// How EKS calls what stands behind a segment of a path.
struct Label {
  std::string_view segment;
  std::string_view name;
};
constexpr auto kLabels = std::to_array<Label>({
    {"updates", "updateId"},
    {"tags", "resourceArn"},
    {"access-entries", "principalArn"},
    {"access-policies", "policyArn"},
    {"addons", "addonName"},
    {"node-groups", "nodegroupName"},
    {"fargate-profiles", "fargateProfileName"},
    {"pod-identity-associations", "associationId"},
    {"capabilities", "capabilityName"},
    {"eks-anywhere-subscriptions", "id"},
    {"cluster-registrations", "name"},
    {"insights", "id"},
    {"hostedzone", "id"},
});

// The names of the operations on clusters themselves call theirs `name`, all others `clusterName`.
bool on_cluster_itself(std::string_view rest) {
  return rest.empty() || rest.starts_with("/update-config") || rest.starts_with("/updates");
}

void add_labels(wire::JsonObject& into, std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    const auto* const label = std::ranges::find(kLabels, segment, &Label::segment);
    if ((segment != "clusters" && label == kLabels.end()) || path.size() < 2) continue;
    const std::string_view given = path.substr(1, path.find('/', 1) - 1);
    path.remove_prefix(given.size() + 1);
    const std::string_view name = segment != "clusters"     ? label->name
                                  : on_cluster_itself(path) ? "name"
                                                            : "clusterName";
    if (auto text = wire::percent_decode(given)) into.push_back({std::string(name), *std::move(text)});
  }
}

bool of_signature(std::string_view name) {
  constexpr std::string_view kSigned = "x-amz-";
  return base::ascii_iequals(name.substr(0, kSigned.size()), kSigned);
}

// A name cut at its dots, the texts given for it, and what stands below it.
struct Node {
  std::vector<std::string> texts;
  std::map<std::string, Node, std::less<>> below;
};

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.size() > kMostDigits) return std::nullopt;
  return number;
}

wire::Json json_of(Node& node);

// The elements of a list by their numbers, where the names below are numbers alone.
std::optional<wire::JsonArray> list_of(Node& node) {
  std::map<std::uint64_t, Node*> elements;
  for (auto& [name, below] : node.below) {
    const auto number = number_of(name);
    if (!number || !elements.emplace(*number, &below).second) return std::nullopt;
  }
  wire::JsonArray list;
  for (const auto& [number, element] : elements)
    list.push_back(json_of(*element));
  return list;
}

wire::Json json_of(Node& node) {
  wire::JsonArray texts;
  for (std::string& text : node.texts)
    texts.emplace_back(std::move(text));
  if (node.below.empty()) return texts.size() == 1 ? std::move(texts.front()) : wire::Json(std::move(texts));
  if (texts.empty()) {
    if (node.below.size() == 1 && node.below.begin()->first == "member") return json_of(node.below.begin()->second);
    if (auto list = list_of(node)) return *std::move(list);
  }
  wire::JsonObject object;
  if (!texts.empty()) object.push_back({"", std::move(texts)});
  for (auto& [name, below] : node.below)
    object.push_back({member_name(name), json_of(below)});
  return object;
}

wire::Json of_form(const wire::Pairs& pairs) {
  Node root;
  for (const auto& [name, value] : pairs) {
    if (name == "Action" || name == "Version" || of_signature(name)) continue;
    Node* at = &root;
    std::string_view rest = name;
    for (std::size_t depth = 1; depth < kDeepestName && rest.find('.') != std::string_view::npos; ++depth) {
      at = &at->below[std::string(rest.substr(0, rest.find('.')))];
      rest.remove_prefix(rest.find('.') + 1);
    }
    at->below[std::string(rest)].texts.push_back(value);
  }
  wire::JsonObject object;
  for (auto& [name, below] : root.below)
    object.push_back({member_name(name), json_of(below)});
  if (object.empty()) return {};
  return object;
}

// The same name twice: a list, so that nothing given is lost.
void add(wire::JsonObject& into, const std::string& name, wire::Json value) {
  const auto found = std::ranges::find(into, name, &wire::JsonMember::name);
  if (found == into.end()) {
    into.push_back({name, std::move(value)});
  } else if (const auto* list = found->value.as_array()) {
    wire::JsonArray longer = *list;
    longer.push_back(std::move(value));
    found->value = std::move(longer);
  } else {
    found->value = wire::JsonArray{found->value, std::move(value)};
  }
}

wire::Json of_rest(const HttpRequest& request) {
  const wire::Target target = wire::split_target(request.target);
  wire::JsonObject object;
  add_labels(object, target.path);
  if (const auto query = wire::parse_pairs(target.query)) {
    for (const auto& [name, value] : *query) {
      if (!of_signature(name)) add(object, name, value);
    }
  }
  const auto body = wire::parse_json(request.body);
  if (body && body->as_object() != nullptr) {
    for (const wire::JsonMember& member : *body->as_object())
      add(object, member.name, member.value);
  }
  if (object.empty()) return {};
  return object;
}

}  // namespace

std::string member_name(std::string_view name) {
  std::string out(name);
  if (!out.empty() && out.front() >= 'A' && out.front() <= 'Z') {
    out.front() = static_cast<char>(out.front() - 'A' + 'a');
  }
  return out;
}

std::string operation_named(std::string_view service, const HttpRequest& request) {
  const std::string_view path = wire::split_target(request.target).path;
  if (service == "eks" || service == "route53") {
    const std::string_view found = service == "eks" ? eks::find_route(request.method, path).operation
                                                    : route53::find_route(request.method, path).operation;
    return std::string(found.empty() ? kUnknown : found);
  }
  if (service == "sallyport") {
    const std::string_view found = insight::find_route(request.method, path).operation;
    return std::string(found.empty() ? kUnknown : found);
  }
  const auto form = query_form(request);
  const auto action = form ? wire::only_value(*form, "Action") : std::nullopt;
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  const bool named =
      action && !action->empty() && action->size() <= kLongestOperation && std::ranges::all_of(*action, letter);
  return std::string(named ? *action : kUnknown);
}

std::string_view service_spoken(const HttpRequest& request) {
  const std::string_view path = wire::split_target(request.target).path;
  if (!eks::find_route(request.method, path).operation.empty()) return "eks";
  if (!route53::find_route(request.method, path).operation.empty()) return "route53";
  if (insight::is_insight_path(path)) return "sallyport";
  const auto form = query_form(request);
  const auto version = form ? wire::only_value(*form, "Version") : std::nullopt;
  const auto* const found = std::ranges::find(kVersions, version.value_or(std::string_view()), &Version::version);
  return found == kVersions.end() ? std::string_view() : found->service;
}

wire::Json parameters_of(std::string_view service, const HttpRequest& request) {
  if (service == "eks" || service == "route53" || service == "sallyport") return of_rest(request);
  const auto form = query_form(request);
  if (!form) return {};
  return of_form(*form);
}

wire::Pairs signature_of(const HttpRequest& request) {
  wire::Pairs found;
  const auto collect = [&](const std::optional<wire::Pairs>& pairs) {
    if (!pairs) return;
    for (const auto& [name, value] : *pairs) {
      if (of_signature(name)) found.emplace_back(name, value);
    }
  };
  collect(wire::parse_pairs(wire::split_target(request.target).query));
  if (request.method == "POST") collect(query_form(request));
  for (const auto& [name, value] : request.headers) {
    if (of_signature(name) || base::ascii_iequals(name, "authorization")) found.emplace_back(name, value);
  }
  return found;
}

}  // namespace sallyport::api::audit
