#pragma once

#include <memory>
#include <tuple>
#include <type_traits>

#include "model/network_objects.h"

// Tuples of tables, one for each kind of thing: what is of no kind that a tuple has is passed over.
namespace sallyport::control {

template <class Table, class Value>
void put_if_its_own(Table& table, const Value& value) {
  if constexpr (std::is_same_v<typename Table::mapped_type, std::shared_ptr<const Value>>) {
    table[value.id] = std::make_shared<const Value>(value);
  }
}

template <class... Tables, class Value>
void put_into(std::tuple<Tables...>& objects, const Value& value) {
  (put_if_its_own(std::get<Tables>(objects), value), ...);
}

template <class Table, class Id>
void erase_if_its_own(Table& table, const Id& id) {
  if constexpr (std::is_same_v<typename Table::key_type, Id>) table.erase(id);
}

template <class... Tables, class Id>
void erase_from(std::tuple<Tables...>& objects, const Id& id) {
  (erase_if_its_own(std::get<Tables>(objects), id), ...);
}

}  // namespace sallyport::control
