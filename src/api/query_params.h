#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/fault.h"
#include "wire/uri.h"

namespace sallyport::api {

// The codes by which a service refuses a parameter.
struct ParamCodes {
  std::string_view invalid;
  std::string_view missing;
};

// The parameters of one request of the Query protocol, or those below one of its structures: "Filter.1.Name" is
// "Name" in the first of structs("Filter"). Remembers what was asked for, so that what nobody asked for can be
// refused by name. A cheap handle; of one thread.
class QueryParams {
 public:
  // Refuses a parameter given twice and a value that is not UTF-8.
  static Checked<QueryParams> of(const wire::Pairs& pairs, const ParamCodes& codes);

  // An empty value counts as not given.
  std::optional<std::string> text(std::string_view name) const;
  std::string text_or(std::string_view name, std::string_view otherwise) const;
  Checked<std::string> required(std::string_view name) const;
  // A text that is kept: refused when it has more characters.
  Checked<std::optional<std::string>> text_within(std::string_view name, std::size_t characters) const;
  Checked<std::optional<bool>> boolean(std::string_view name) const;
  Checked<std::optional<std::int64_t>> number(std::string_view name, std::int64_t least, std::int64_t most) const;

  // "VpcId.1", "VpcId.2", … by their numbers.
  std::vector<std::string> list(std::string_view name) const;
  // "Filter.1.…", "Filter.2.…" by their numbers.
  std::vector<QueryParams> structs(std::string_view name) const;
  // "Vgw.…".
  QueryParams under(std::string_view name) const;

  // Any parameter of that name, or below it.
  bool has(std::string_view name) const;
  // The name in full, as the client wrote it.
  std::string full_name(std::string_view name) const { return prefix_ + std::string(name); }

  // The first parameter nobody asked for.
  std::optional<std::string> unknown() const;

  // The refusal of a value; of a long one it quotes the beginning.
  tl::unexpected<Fault> invalid(std::string_view name, std::string_view value, const std::string& why) const;

 private:
  struct Request {
    ParamCodes codes;
    std::map<std::string, std::string, std::less<>> values;
    std::set<std::string, std::less<>> asked;
  };
  QueryParams(std::shared_ptr<Request> request, std::string prefix)
      : request_(std::move(request)), prefix_(std::move(prefix)) {}
  // The numbers N for which `name`.N, followed by `next`, begins a parameter.
  std::set<std::uint64_t> numbers(std::string_view name, bool structures) const;

  std::shared_ptr<Request> request_;
  std::string prefix_;
};

}  // namespace sallyport::api
