#include "model/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace sallyport::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(EntriesOf, AreThoseOfTheOneCluster) {
  IdentityObjects objects;
  for (const char* cluster : {"a", "ab", "a-b", "b", "A"}) {
    for (const char* principal : {"arn:2", "arn:1"}) {
      AccessEntry entry;
      entry.cluster = ClusterName(cluster);
      entry.principal = Arn(principal);
      entry.id = access_entry_id(entry.cluster, entry.principal);
      std::get<Table<AccessEntry>>(objects)[entry.id] = std::make_shared<const AccessEntry>(entry);
    }
  }
  const auto ids = [&](const char* cluster) {
    std::vector<std::string> found;
    for (const AccessEntry* entry : entries_of(objects, ClusterName(cluster)))
      found.push_back(entry->id.str());
    return found;
  };
  EXPECT_THAT(ids("a"), ElementsAre("a/arn:1", "a/arn:2"));
  EXPECT_THAT(ids("ab"), ElementsAre("ab/arn:1", "ab/arn:2"));
  EXPECT_THAT(ids("b"), ElementsAre("b/arn:1", "b/arn:2"));
  EXPECT_THAT(ids("c"), IsEmpty());
  EXPECT_THAT(ids(""), IsEmpty());
}

}  // namespace
}  // namespace sallyport::model
