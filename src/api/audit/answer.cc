#include "api/audit/answer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "api/audit/parameters.h"
#include "base/limits.h"
#include "wire/json_parse.h"

namespace sallyport::api::audit {

namespace {

constexpr std::size_t kDeepest = base::limits::kJsonDepth;

struct Entity {
  std::string_view written;
  char meant;
};
constexpr std::array<Entity, 5> kEntities = {
    {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};

std::string unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto* const found =
        std::ranges::find_if(kEntities, [&](const Entity& entity) { return text.starts_with(entity.written); });
    out.push_back(found == kEntities.end() ? text.front() : found->meant);
    text.remove_prefix(found == kEntities.end() ? 1 : found->written.size());
  }
  return out;
}

class XmlReader {
 public:
  explicit XmlReader(std::string_view text) : rest_(text) {}

  // <name …>…</name>; nothing where there is none.
  std::optional<wire::JsonMember> element(std::size_t depth = 0) {
    if (depth > kDeepest || !rest_.starts_with('<')) return std::nullopt;
    const std::size_t close = rest_.find('>');
    if (close == std::string_view::npos) return std::nullopt;
    std::string_view tag = rest_.substr(1, close - 1);
    rest_.remove_prefix(close + 1);
    const bool empty = tag.ends_with('/');
    if (empty) tag.remove_suffix(1);
    const std::string_view name = tag.substr(0, tag.find(' '));
    if (empty) return wire::JsonMember{std::string(name), wire::Json(std::string())};

    wire::JsonObject inside;
    std::string_view text;
    while (!rest_.starts_with("</")) {
      if (rest_.empty()) return std::nullopt;
      if (rest_.front() == '<') {
        auto next = element(depth + 1);
        if (!next) return std::nullopt;
        inside.push_back(*std::move(next));
      } else {
        text = rest_.substr(0, rest_.find('<'));
        rest_.remove_prefix(text.size());
      }
    }
    rest_.remove_prefix(2);
    if (!rest_.starts_with(name) || !rest_.substr(name.size()).starts_with('>')) return std::nullopt;
    rest_.remove_prefix(name.size() + 1);
    return wire::JsonMember{std::string(name),
                            inside.empty() ? wire::Json(unescape(text)) : gathered(std::move(inside))};
  }

 private:
  static wire::Json gathered(wire::JsonObject inside) {
    const auto of_list = [](const wire::JsonMember& one) { return one.name == "item" || one.name == "member"; };
    if (std::ranges::all_of(inside, of_list)) {
      wire::JsonArray list;
      for (wire::JsonMember& member : inside)
        list.push_back(std::move(member.value));
      return list;
    }
    for (wire::JsonMember& member : inside)
      member.name = member_name(member.name);
    return inside;
  }

  std::string_view rest_;
};

std::string_view between(std::string_view text, std::string_view open, std::string_view close) {
  const std::size_t start = text.find(open);
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start + open.size());
  return text.substr(0, text.find(close));
}

// Without what wraps every answer of IAM and STS.
wire::Json result_of(const wire::Json& answer) {
  if (answer.as_object() == nullptr) return {};
  for (const wire::JsonMember& member : *answer.as_object()) {
    if (!member.name.ends_with("Result")) continue;
    if (member.value.as_object() == nullptr) return {};
    return member.value;
  }
  return {};
}

}  // namespace

std::optional<Failure> failure_of(Protocol protocol, const HttpResponse& response) {
  if (response.status < 400) return std::nullopt;
  Failure failure;
  if (protocol == Protocol::kRestJson) {
    for (const auto& [name, value] : response.headers) {
      if (name == "x-amzn-ErrorType") failure.code = value;
    }
    const auto body = wire::parse_json(response.body);
    if (body && body->as_object() != nullptr) {
      for (const wire::JsonMember& member : *body->as_object()) {
        if (member.name == "message" && member.value.as_string() != nullptr)
          failure.message = *member.value.as_string();
      }
    }
    return failure;
  }
  failure.code = unescape(between(response.body, "<Code>", "</Code>"));
  failure.message = unescape(between(response.body, "<Message>", "</Message>"));
  if (protocol == Protocol::kEc2) failure.code.insert(0, response.status < 500 ? "Client." : "Server.");
  return failure;
}

std::optional<wire::Json> json_of_xml(std::string_view xml) {
  if (xml.starts_with("<?")) {
    const std::size_t root = xml.find('<', 1);
    xml.remove_prefix(root == std::string_view::npos ? xml.size() : root);
  }
  auto root = XmlReader(xml).element();
  if (!root) return std::nullopt;
  return std::move(root->value);
}

wire::Json elements_of(Protocol protocol, const HttpResponse& response) {
  if (response.status >= 400) return {};
  if (protocol == Protocol::kRestJson) {
    auto body = wire::parse_json(response.body);
    if (!body || body->as_object() == nullptr || body->as_object()->empty()) return {};
    return *std::move(body);
  }
  auto answer = json_of_xml(response.body);
  if (!answer) return {};
  if (protocol == Protocol::kQuery) return result_of(*answer);
  return answer->as_object() == nullptr ? wire::Json() : *std::move(answer);
}

}  // namespace sallyport::api::audit
