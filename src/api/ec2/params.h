#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/ec2/fault.h"
#include "model/cidr.h"
#include "wire/uri.h"

namespace sallyport::api::ec2 {

// The parameters of one EC2 Query request, or those below one of its structures: "Filter.1.Name" is "Name" in
// the first of structs("Filter"). Remembers what was asked for, so that what nobody asked for can be refused by
// name. A cheap handle; of one thread.
class Params {
 public:
  // InvalidParameterValue for a parameter given twice or a value that is not UTF-8.
  static Ec2Result<Params> of(const wire::Pairs& pairs);

  // An empty value counts as not given, as in EC2.
  std::optional<std::string> text(std::string_view name) const;
  std::string text_or(std::string_view name, std::string_view otherwise) const;
  Ec2Result<std::string> required(std::string_view name) const;  // else MissingParameter
  // A text that is kept: InvalidParameterValue for one of more characters.
  Ec2Result<std::optional<std::string>> text_within(std::string_view name, std::size_t characters) const;
  Ec2Result<std::optional<bool>> boolean(std::string_view name) const;
  Ec2Result<std::optional<std::int64_t>> number(std::string_view name, std::int64_t least, std::int64_t most) const;
  // A block without host bits: else InvalidParameterValue naming the canonical one.
  Ec2Result<std::optional<model::Cidr>> cidr(std::string_view name) const;
  Ec2Result<model::Cidr> required_cidr(std::string_view name) const;

  // "VpcId.1", "VpcId.2", … by their numbers.
  std::vector<std::string> list(std::string_view name) const;
  // "Filter.1.…", "Filter.2.…" by their numbers.
  std::vector<Params> structs(std::string_view name) const;
  // "Vgw.…".
  Params under(std::string_view name) const;

  // Any parameter of that name, or below it.
  bool has(std::string_view name) const;
  // The name in full, as the client wrote it.
  std::string full_name(std::string_view name) const { return prefix_ + std::string(name); }

  // The first parameter nobody asked for.
  std::optional<std::string> unknown() const;

 private:
  struct Request {
    std::map<std::string, std::string, std::less<>> values;
    std::set<std::string, std::less<>> asked;
  };
  Params(std::shared_ptr<Request> request, std::string prefix)
      : request_(std::move(request)), prefix_(std::move(prefix)) {}
  // The numbers N for which `name`.N, followed by `next`, begins a parameter.
  std::set<std::uint64_t> numbers(std::string_view name, bool structures) const;

  std::shared_ptr<Request> request_;
  std::string prefix_;
};

}  // namespace sallyport::api::ec2
