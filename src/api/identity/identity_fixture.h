#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/identity/operation.h"
#include "api/query_answer_fixture.h"
#include "base/entropy.h"
#include "control/tables.h"
#include "iam/names.h"
#include "wire/uri.h"

// For tests: IAM operations one after the other over identities in memory, without store or HTTP.
namespace sallyport::api::identity {

inline constexpr const char* kAllowAll =
    R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})";
inline constexpr const char* kTrustAll =
    R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}]})";

// A document of so many characters that IAM counts.
inline std::string document_of(std::size_t characters) {
  const std::string start = R"({"Statement":[{"Effect":"Allow","Action":"eks:Describe","Resource":"arn:aws:eks:::)";
  const std::string end = R"("}]})";
  return start + std::string(characters - start.size() - end.size(), 'x') + end;
}
inline constexpr const char* kReadOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";

class IdentityTest : public testing::Test {
 protected:
  // Runs the operation as the service does and applies what it changes. Throws for an operation that is not served
  // and for one that changes something without saying that it writes.
  QueryAnswer call(std::string_view operation, wire::Pairs parameters = {}) {
    const Entry* entry = find_operation(operation);
    if (entry == nullptr) throw std::logic_error("no operation " + std::string(operation));
    parameters.emplace_back("Action", operation);
    parameters.emplace_back("Version", "2010-05-08");
    const auto params = QueryParams::of(parameters, kParamCodes);
    if (!params) return {{}, params.error()};
    const auto outcome = run(*entry, {.identities = identities_,
                                      .params = *params,
                                      .account = account_,
                                      .now = now_,
                                      .entropy = entropy_,
                                      .sealer = sealer_,
                                      .principal = caller_,
                                      .token_key = "token key"});
    if (!outcome) return {{}, outcome.error()};
    if (!entry->writes && !(outcome->puts.empty() && outcome->erases.empty())) {
      throw std::logic_error(std::string(operation) + " changes identities and is not said to write");
    }
    for (const store::Entity& entity : outcome->puts)
      std::visit([&](const auto& object) { control::put_into(identities_, object); }, entity);
    for (const store::EntityId& id : outcome->erases)
      std::visit([&](const auto& object) { control::erase_from(identities_, object); }, id);
    return {outcome->answer.str(), std::nullopt};
  }

  // The text of element `name` of a call that must succeed.
  std::string made(std::string_view operation, std::string_view name, wire::Pairs parameters = {}) {
    const QueryAnswer answer = call(operation, std::move(parameters));
    if (!answer.ok()) throw std::runtime_error(std::string(operation) + ": " + answer.code() + ": " + answer.message());
    return answer.text(name);
  }
  std::string code(std::string_view operation, wire::Pairs parameters = {}) {
    return call(operation, std::move(parameters)).code();
  }
  void do_it(std::string_view operation, wire::Pairs parameters) { made(operation, "", std::move(parameters)); }

  std::string make_user(const std::string& name) { return made("CreateUser", "UserId", {{"UserName", name}}); }
  std::string make_role(const std::string& name) {
    return made("CreateRole", "RoleId", {{"RoleName", name}, {"AssumeRolePolicyDocument", kTrustAll}});
  }
  // Its ARN.
  std::string make_policy(const std::string& name, const std::string& path = "/") {
    return made("CreatePolicy", "Arn", {{"PolicyName", name}, {"Path", path}, {"PolicyDocument", kAllowAll}});
  }

  const model::IamUser& user(const std::string& name) const { return one_named<model::IamUser>(name); }
  const model::IamRole& role(const std::string& name) const { return one_named<model::IamRole>(name); }

  // From now on that user calls.
  void call_as(const std::string& name) {
    caller_ = {.arn = iam::arn_of(account_, user(name)),
               .user_id = user(name).id.str(),
               .account = account_,
               .is_root = false,
               .user = user(name).id,
               .name = name};
  }

  // As if so many had been made: what limits are about.
  template <class T>
  void fill(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      T one;
      one.id = decltype(T::id)("FILLER" + std::to_string(i));
      one.name = "filler" + std::to_string(i);
      control::put_into(identities_, one);
    }
  }

  model::IdentityObjects identities_;
  base::Time now_{std::chrono::milliseconds(1'764'000'000'123)};
  model::AccountId account_{"000000000000"};
  base::SystemEntropy entropy_;
  iam::Sealer sealer_{wire::AeadKey{7}, entropy_};
  iam::Principal caller_ = iam::root_principal(account_);

 private:
  template <class T>
  const T& one_named(const std::string& name) const {
    for (const auto& [id, one] : model::all_of<T>(identities_)) {
      if (one->name == name) return *one;
    }
    throw std::logic_error("there is no " + name);
  }
};

}  // namespace sallyport::api::identity
