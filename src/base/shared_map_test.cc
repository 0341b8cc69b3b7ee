#include "base/shared_map.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <memory>
#include <string>

namespace sallyport::base {
namespace {

using Map = SharedMap<std::uint32_t, std::string>;
using Model = std::map<std::uint32_t, std::string>;

Model contents(const Map& map) {
  Model found;
  for (const auto& [key, value] : map)
    EXPECT_TRUE(found.emplace(key, value).second) << key << " twice";
  return found;
}

// The same keys come again and again; many land in one shard.
std::uint32_t any_key() { return *rc::gen::inRange<std::uint32_t>(0, 300); }

void change(Map& map, Model& model, int steps) {
  for (int i = 0; i < steps; ++i) {
    const std::uint32_t key = any_key();
    if (*rc::gen::inRange(0, 3) == 0) {
      RC_ASSERT(map.erase(key) == model.erase(key));
    } else {
      const std::string value(1, *rc::gen::inRange('a', 'd'));
      map[key] = value;
      model[key] = value;
    }
  }
}

RC_GTEST_PROP(SharedMap, IsAMap, ()) {
  Map map;
  Model model;
  change(map, model, *rc::gen::inRange(0, 200));
  RC_ASSERT(contents(map) == model);
  RC_ASSERT(map.size() == model.size());
  RC_ASSERT(map.empty() == model.empty());
  const std::uint32_t key = any_key();
  RC_ASSERT(map.contains(key) == model.contains(key));
  if (model.contains(key)) RC_ASSERT(map.at(key) == model.at(key));
}

RC_GTEST_PROP(SharedMap, ACopyIsNotTouchedByChangesOfTheOther, ()) {
  Map map;
  Model model;
  change(map, model, 100);
  const Map before = map;
  const Model model_before = model;
  change(map, model, 100);
  RC_ASSERT(contents(before) == model_before);
  RC_ASSERT(contents(map) == model);
  RC_ASSERT((map == before) == (model == model_before));
}

RC_GTEST_PROP(SharedMap, DifferencesAreThoseOfTheContents, ()) {
  Map map;
  Model model;
  change(map, model, 100);
  const Map before = map;
  change(map, model, *rc::gen::inRange(0, 20));
  Model replayed = contents(before);
  Map::differences(before, map, [&](const Map::value_type* was, const Map::value_type* is) {
    RC_ASSERT(was != nullptr || is != nullptr);
    if (was != nullptr) RC_ASSERT(replayed.at(was->first) == was->second);
    if (was != nullptr && is != nullptr) {
      RC_ASSERT(was->first == is->first);
      RC_ASSERT(was->second != is->second);
    }
    if (is == nullptr) {
      replayed.erase(was->first);
    } else {
      replayed[is->first] = is->second;
    }
  });
  RC_ASSERT(replayed == model);
}

RC_GTEST_PROP(SharedMap, AnEditIsItsChanges, ()) {
  Map map;
  Model model;
  change(map, model, 100);
  const Map before = map;
  const Model model_before = model;
  Map::Edit edit(map);
  for (int i = *rc::gen::inRange(0, 200); i > 0; --i) {
    const std::uint32_t key = any_key();
    if (*rc::gen::arbitrary<bool>()) {
      edit.erase(key);
      model.erase(key);
    } else {
      edit.at(key) += 'x';
      model[key] += 'x';
    }
  }
  RC_ASSERT(contents(map) == model);
  RC_ASSERT(map.size() == model.size());
  RC_ASSERT(contents(before) == model_before);
}

TEST(SharedMap, AKeyMayLieInWhatIsMovedIn) {
  struct Thing {
    std::string id;
  };
  SharedMap<std::string, std::shared_ptr<const Thing>> map;
  auto put = std::make_shared<const Thing>(Thing{"put"});
  map.put(put->id, std::move(put));
  auto emplaced = std::make_shared<const Thing>(Thing{"emplaced"});
  map.emplace(emplaced->id, std::move(emplaced));
  auto assigned = std::make_shared<const Thing>(Thing{"assigned"});
  map[assigned->id] = std::move(assigned);
  for (const std::string id : {"put", "emplaced", "assigned"})
    EXPECT_EQ(map.at(id)->id, id);
}

TEST(SharedMap, KeepsWhatIsThereWhenItIsPutInAgain) {
  Map map;
  map.emplace(1, "one");
  map.emplace(1, "other");
  map.insert({1, "third"});
  EXPECT_EQ(map.at(1), "one");
  EXPECT_THROW(map.at(2), std::out_of_range);
}

}  // namespace
}  // namespace sallyport::base
