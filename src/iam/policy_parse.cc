#include "iam/policy_parse.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/limits.h"
#include "iam/condition.h"
#include "iam/condition_names.h"
#include "wire/json_parse.h"
#include "wire/json_places.h"
#include "wire/json_reader.h"

namespace sallyport::iam {

namespace {

using wire::Json;
using wire::JsonFault;
using wire::JsonObject;

constexpr std::string_view kPresentVersion = "2012-10-17";
constexpr std::string_view kOldVersion = "2008-10-17";

void refuse(JsonFault& fault, std::string path, const std::string& why) {
  if (fault) return;
  std::string message = path + " " + why;
  fault = base::Error{base::ErrorKind::kInvalidParameter, std::move(message), std::move(path)};
}

// One text or a list of them, as policies may write; an empty list is refused.
std::vector<std::string> texts(const Json& value, const std::string& path, JsonFault& fault) {
  if (const std::string* one = value.as_string()) return {*one};
  std::vector<std::string> all;
  const wire::JsonArray* list = value.as_array();
  if (list == nullptr) {
    refuse(fault, path, "must be a string or a list of strings, is " + wire::describe(value));
    return all;
  }
  if (list->empty()) refuse(fault, path, "is an empty list; name something or leave it out");
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (const std::string* one = (*list)[i].as_string()) {
      all.push_back(*one);
    } else {
      refuse(fault, path + "[" + std::to_string(i) + "]", "must be a string, is " + wire::describe((*list)[i]));
    }
  }
  return all;
}

// A condition's values may be numbers and booleans too; they are compared as they are written.
std::vector<std::string> scalars(const Json& value, const std::string& path, JsonFault& fault) {
  const auto scalar = [](const Json& one) -> std::optional<std::string> {
    if (const std::string* text = one.as_string()) return *text;
    if (const bool* flag = one.as_bool()) return *flag ? "true" : "false";
    if (const wire::JsonNumber* number = one.as_number()) return number->literal;
    return std::nullopt;
  };
  if (const auto one = scalar(value)) return {*one};
  const wire::JsonArray* list = value.as_array();
  if (list == nullptr || list->empty()) {
    refuse(fault, path, "must be a string, a number, a boolean, or a list of them, is " + wire::describe(value));
    return {};
  }
  std::vector<std::string> all;
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (const auto one = scalar((*list)[i])) {
      all.push_back(*one);
    } else {
      refuse(fault, path + "[" + std::to_string(i) + "]",
             "must be a string, a number or a boolean, is " + wire::describe((*list)[i]));
    }
  }
  return all;
}

bool is_action(std::string_view text) {
  if (text == "*") return true;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  const auto in_service = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  const auto in_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '*' || c == '?';
  };
  return std::ranges::all_of(text.substr(0, colon), in_service) && std::ranges::all_of(text.substr(colon + 1), in_name);
}

bool is_resource(std::string_view text) {
  return text == "*" || (text.starts_with("arn:") && std::ranges::count(text, ':') >= 5);
}

class StatementParser {
 public:
  StatementParser(const JsonObject& object, std::string path, PolicyKind kind, JsonFault& fault)
      : object_(object), path_(std::move(path)), kind_(kind), fault_(fault) {}

  Statement parse() {
    for (const wire::JsonMember& member : object_)
      member_of(member);
    if (!effect_given_) refuse(fault_, path_, "has no Effect; give \"Allow\" or \"Deny\"");
    if (actions_given_ != 1) refuse(fault_, path_, "must have one of Action and NotAction");
    if (kind_ == PolicyKind::kIdentity && resources_given_ != 1) {
      refuse(fault_, path_, "must have one of Resource and NotResource");
    }
    if (kind_ == PolicyKind::kTrust && made_.principals.empty()) refuse(fault_, path_, "has no Principal");
    return std::move(made_);
  }

 private:
  std::string at(std::string_view name) const { return path_ + "." + std::string(name); }

  void member_of(const wire::JsonMember& member) {
    const std::string& name = member.name;
    if (name == "Sid") {
      sid(member.value);
    } else if (name == "Effect") {
      effect(member.value);
    } else if (name == "Action" || name == "NotAction") {
      ++actions_given_;
      made_.not_action = name == "NotAction";
      made_.actions = texts(member.value, at(name), fault_);
      check_each(made_.actions, name, is_action, "is no action; give one such as \"eks:DescribeCluster\", or \"*\"");
    } else if ((name == "Resource" || name == "NotResource") && kind_ == PolicyKind::kIdentity) {
      ++resources_given_;
      made_.not_resource = name == "NotResource";
      made_.resources = texts(member.value, at(name), fault_);
      check_each(made_.resources, name, is_resource,
                 "is no resource; give an ARN such as \"arn:aws:eks:*:*:cluster/*\", or \"*\"");
    } else if (name == "Principal" && kind_ == PolicyKind::kTrust) {
      principal(member.value);
    } else if (name == "Condition") {
      conditions(member.value);
    } else {
      refuse(fault_, at(wire::shortened(name)),
             kind_ == PolicyKind::kTrust ? "has no place in a statement of a trust policy"
                                         : "has no place in a statement of an identity policy");
    }
  }

  template <class Is>
  void check_each(const std::vector<std::string>& all, std::string_view name, Is is, const std::string& why) {
    for (const std::string& one : all) {
      if (!is(one)) refuse(fault_, at(name), "\"" + wire::shortened(one) + "\" " + why);
    }
  }

  void sid(const Json& value) {
    const std::string* text = value.as_string();
    const auto allowed = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    if (text == nullptr || !std::ranges::all_of(*text, allowed)) {
      refuse(fault_, at("Sid"), "must be a string of letters and digits, is " + wire::describe(value));
      return;
    }
    made_.sid = *text;
  }

  void effect(const Json& value) {
    effect_given_ = true;
    const std::string* text = value.as_string();
    if (text == nullptr || (*text != "Allow" && *text != "Deny")) {
      refuse(fault_, at("Effect"), "must be \"Allow\" or \"Deny\", is " + wire::describe(value));
      return;
    }
    made_.effect = *text == "Allow" ? Effect::kAllow : Effect::kDeny;
  }

  void principal(const Json& value) {
    if (const std::string* text = value.as_string(); text != nullptr && *text == "*") {
      made_.principals = {"*"};
      return;
    }
    const JsonObject* object = value.as_object();
    if (object == nullptr || object->empty()) {
      refuse(fault_, at("Principal"), "must be \"*\" or {\"AWS\": …}, is " + wire::describe(value));
      return;
    }
    for (const wire::JsonMember& kind : *object)
      principals_of(kind);
  }

  // Services, and identities of elsewhere, are nobody here; policies that name them beside others are good all the
  // same.
  void principals_of(const wire::JsonMember& kind) {
    const std::string path = at("Principal") + "." + wire::shortened(kind.name);
    if (kind.name != "AWS" && kind.name != "Service" && kind.name != "Federated" && kind.name != "CanonicalUser") {
      refuse(fault_, path, "is no kind of principal; give \"AWS\"");
      return;
    }
    std::vector<std::string> named = texts(kind.value, path, fault_);
    if (kind.name != "AWS") {
      for (const std::string& one : named)
        made_.principals.push_back(kind.name + ":" + one);
      return;
    }
    const auto is_principal = [](std::string_view text) {
      const bool account = text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
      return text == "*" || account || text.starts_with("arn:aws:iam::");
    };
    check_each(named, "Principal.AWS", is_principal, "is no principal; give an ARN, an account id or \"*\"");
    made_.principals.insert(made_.principals.end(), named.begin(), named.end());
  }

  void conditions(const Json& value) {
    const JsonObject* operators = value.as_object();
    if (operators == nullptr) {
      refuse(fault_, at("Condition"), "must be an object, is " + wire::describe(value));
      return;
    }
    for (const wire::JsonMember& one : *operators) {
      const std::string path = at("Condition") + "." + one.name;
      const auto condition = condition_of_operator(one.name);
      const JsonObject* keys = one.value.as_object();
      if (!condition) {
        refuse(fault_, path, "is no condition operator; see the IAM User Guide for those there are");
      } else if (keys == nullptr) {
        refuse(fault_, path, "must be an object of condition keys, is " + wire::describe(one.value));
      } else {
        for (const wire::JsonMember& key : *keys)
          add(*condition, key, path + "." + key.name);
      }
    }
  }

  void add(Condition condition, const wire::JsonMember& key, const std::string& path) {
    condition.key = in_lower_case(key.name);
    condition.values = scalars(key.value, path, fault_);
    for (const std::string& value : condition.values) {
      if (const std::string why = value_fault(condition.comparison, value); !why.empty()) {
        refuse(fault_, path, "\"" + wire::shortened(value) + "\" " + why);
      }
    }
    made_.conditions.push_back(std::move(condition));
  }

  const JsonObject& object_;
  const std::string path_;
  const PolicyKind kind_;
  JsonFault& fault_;
  Statement made_;
  bool effect_given_ = false;
  int actions_given_ = 0;
  int resources_given_ = 0;
};

void read_statements(const Json& value, PolicyKind kind, Policy& policy, JsonFault& fault) {
  const auto read = [&](const Json& one, const std::string& path) {
    if (const JsonObject* object = one.as_object()) {
      policy.statements.push_back(StatementParser(*object, path, kind, fault).parse());
    } else {
      refuse(fault, path, "must be an object, is " + wire::describe(one));
    }
  };
  const wire::JsonArray* list = value.as_array();
  if (list == nullptr) {
    read(value, "Statement");
  } else if (list->empty()) {
    refuse(fault, "Statement", "is an empty list; give at least one statement");
  } else {
    for (std::size_t i = 0; i < list->size(); ++i)
      read((*list)[i], "Statement[" + std::to_string(i) + "]");
  }
  std::set<std::string> sids;
  for (const Statement& statement : policy.statements) {
    if (!statement.sid.empty() && !sids.insert(statement.sid).second) {
      refuse(fault, "Statement", "has the Sid \"" + statement.sid + "\" twice");
    }
  }
}

Policy read_policy(const JsonObject& object, PolicyKind kind, JsonFault& fault) {
  Policy policy;
  policy.has_variables = false;  // a policy that gives no version has the older one
  bool statements = false;
  for (const wire::JsonMember& member : object) {
    if (member.name == "Version") {
      const std::string* text = member.value.as_string();
      if (text == nullptr || (*text != kPresentVersion && *text != kOldVersion)) {
        refuse(fault, "Version", "must be \"2012-10-17\" or \"2008-10-17\", is " + wire::describe(member.value));
      } else {
        policy.has_variables = *text == kPresentVersion;
      }
    } else if (member.name == "Id") {
      if (member.value.as_string() == nullptr)
        refuse(fault, "Id", "must be a string, is " + wire::describe(member.value));
    } else if (member.name == "Statement") {
      statements = true;
      read_statements(member.value, kind, policy, fault);
    } else {
      refuse(fault, wire::shortened(member.name), "has no place in a policy");
    }
  }
  if (!statements) refuse(fault, "Statement", "is missing");
  return policy;
}

}  // namespace

base::Result<Policy> parse_policy(std::string_view text, PolicyKind kind) {
  if (text.size() > base::limits::kPolicyBytes) {
    return base::fail(base::ErrorKind::kLimitExceeded,
                      "the policy has " + std::to_string(text.size()) + " bytes, the limit is " +
                          std::to_string(base::limits::kPolicyBytes) + "; make it two");
  }
  const auto json = wire::parse_json(text);
  if (!json)
    return base::fail(base::ErrorKind::kInvalidParameter, "the policy is no JSON text: " + json.error().message);
  const JsonObject* object = json->as_object();
  if (object == nullptr) {
    return base::fail(base::ErrorKind::kInvalidParameter, "the policy must be an object, is " + wire::describe(*json));
  }
  JsonFault fault;
  Policy policy = read_policy(*object, kind, fault);
  if (!fault) return policy;
  const std::size_t line = wire::json_line(text, fault->field);
  fault->message.insert(fault->field.size(), " (line " + std::to_string(line) + ")");
  return base::fail(*std::move(fault));
}

}  // namespace sallyport::iam
