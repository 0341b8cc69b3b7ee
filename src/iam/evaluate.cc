#include "iam/evaluate.h"

#include <algorithm>

#include "iam/pattern.h"

namespace sallyport::iam {

namespace {

bool action_matches(const Statement& statement, const AccessRequest& request) {
  const bool named = std::ranges::any_of(statement.actions, [&](const std::string& action) {
    // Actions have no variables.
    const auto pattern = Pattern::of(
        action, [](std::string_view) { return std::nullopt; }, false);
    return pattern->matches_ignoring_case(request.action);
  });
  return named != statement.not_action;
}

// What names a variable that the request lacks names nothing: it takes away from what a statement allows, never from
// what it denies.
bool resource_matches(const Statement& statement, const AccessRequest& request, bool variables) {
  bool named = false;
  bool all_known = true;
  for (const std::string& resource : statement.resources) {
    const auto pattern = Pattern::of(
        resource, [&](std::string_view key) { return request.context.single(key); }, variables);
    all_known = all_known && pattern;
    named = named || (pattern && pattern->matches(request.resource));
  }
  if (!statement.not_resource) return named;
  return !named && (all_known || statement.effect == Effect::kDeny);
}

bool conditions_hold(const Statement& statement, const AccessRequest& request, bool variables) {
  return std::ranges::all_of(statement.conditions, [&](const Condition& condition) {
    if (statement.effect == Effect::kAllow && variables && !resolves(condition, request.context)) return false;
    return holds(condition, request.context, variables);
  });
}

// Adds what one more statement that applies says.
void add(Verdict& verdict, Effect effect) {
  if (effect == Effect::kDeny) {
    verdict = Verdict::kExplicitDeny;
  } else if (verdict == Verdict::kImplicitDeny) {
    verdict = Verdict::kAllow;
  }
}

bool names(const Statement& statement, const std::string& principal, const std::string& account) {
  return std::ranges::any_of(statement.principals, [&](const std::string& named) {
    return named == "*" || named == principal || named == account || named == "arn:aws:iam::" + account + ":root";
  });
}

}  // namespace

Verdict evaluate(std::span<const Policy> policies, const AccessRequest& request) {
  Verdict verdict = Verdict::kImplicitDeny;
  for (const Policy& policy : policies) {
    for (const Statement& statement : policy.statements) {
      if (action_matches(statement, request) && resource_matches(statement, request, policy.has_variables) &&
          conditions_hold(statement, request, policy.has_variables)) {
        add(verdict, statement.effect);
      }
    }
  }
  return verdict;
}

Verdict evaluate_trust(const Policy& policy, const std::string& principal, const std::string& account,
                       const AccessRequest& request) {
  Verdict verdict = Verdict::kImplicitDeny;
  for (const Statement& statement : policy.statements) {
    if (names(statement, principal, account) && action_matches(statement, request) &&
        conditions_hold(statement, request, policy.has_variables)) {
      add(verdict, statement.effect);
    }
  }
  return verdict;
}

}  // namespace sallyport::iam
