#pragma once

#include <memory>
#include <tuple>
#include <type_traits>

#include "model/network_objects.h"

// Tuples of tables, one for each kind of thing: what is of no kind that a tuple has is passed over.
namespace sallyport::control {

template <class... T, class Value>
void put_into(std::tuple<model::Table<T>...>& objects, const Value& value) {
  if constexpr ((std::is_same_v<T, Value> || ...)) {
    std::get<model::Table<Value>>(objects)[value.id] = std::make_shared<const Value>(value);
  }
}

template <class... T, class Id>
void erase_from(std::tuple<model::Table<T>...>& objects, const Id& id) {
  const auto erase_if_its_own = [&]<class One>(model::Table<One>& table) {
    if constexpr (std::is_same_v<model::IdOf<One>, Id>) table.erase(id);
  };
  (erase_if_its_own(std::get<model::Table<T>>(objects)), ...);
}

}  // namespace sallyport::control
