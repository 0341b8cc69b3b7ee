#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "store/store_contract.h"
#include "store/test_entities.h"

// The contract's part about the kinds of model::NetworkObjects and model::IdentityObjects, all alike.
namespace sallyport::store {
namespace {

using namespace testing_entities;  // NOLINT: the words of these tests
using base::ErrorKind;
using model::NatGateway;
using model::NetworkInterface;
using model::Revision;
using model::SubnetId;
using model::VpcId;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

template <class T>
std::vector<T> stored(Store& store) {
  const Inventory all = store.load().value();
  std::vector<T> things;
  const auto kinds = std::tuple_cat(all.objects, all.identities);
  for (const auto& [id, thing] : std::get<model::Table<T>>(kinds)) {
    EXPECT_EQ(id, thing->id);
    things.push_back(*thing);
  }
  return things;
}

// A VPC and a subnet for those that need one.
Transaction ground() { return puts({vpc("vpc-1"), subnet("subnet-1", "vpc-1")}); }

// One of each kind, all by the same id.
Transaction one_of_each(const std::string& id, const std::string& mark = {}) {
  Transaction made;
  for_each_kind([&]<class T>(std::type_identity<T>) { made.puts.emplace_back(object<T>(id, mark)); });
  return made;
}

TEST_P(StoreContract, StartsWithoutObjects) {
  for_each_kind([&]<class T>(std::type_identity<T>) { EXPECT_THAT(stored<T>(store()), IsEmpty()); });
}

TEST_P(StoreContract, KeepsEveryKindOfObjectApartAndOverAReopen) {
  ASSERT_TRUE(store().commit(ground()));
  ASSERT_TRUE(store().commit(one_of_each("same")));
  ASSERT_TRUE(store().commit(one_of_each("other", "x")));
  reopen();
  for_each_kind([&]<class T>(std::type_identity<T>) {
    EXPECT_THAT(stored<T>(store()), UnorderedElementsAre(object<T>("same"), object<T>("other", "x")));
  });
}

TEST_P(StoreContract, PutReplacesAnObject) {
  ASSERT_TRUE(store().commit(ground()));
  ASSERT_TRUE(store().commit(one_of_each("same", "first")));
  ASSERT_TRUE(store().commit(one_of_each("same", "second")));
  for_each_kind([&]<class T>(std::type_identity<T>) {
    EXPECT_THAT(stored<T>(store()), ElementsAre(object<T>("same", "second")));
  });
}

TEST_P(StoreContract, ErasesOneKindOfObject) {
  ASSERT_TRUE(store().commit(ground()));
  ASSERT_TRUE(store().commit(one_of_each("same")));
  for_each_kind([&]<class T>(std::type_identity<T>) {
    const auto count = [&] {
      const Inventory all = store().load().value();
      return std::apply([](const auto&... tables) { return (tables.size() + ...); },
                        std::tuple_cat(all.objects, all.identities));
    };
    const std::size_t before = count();
    ASSERT_TRUE(store().commit(erases({model::IdOf<T>("same")})));
    EXPECT_THAT(stored<T>(store()), IsEmpty());
    EXPECT_EQ(count(), before - 1);
    EXPECT_TRUE(store().commit(erases({model::IdOf<T>("same")}))) << "what is not there";
  });
}

TEST_P(StoreContract, ObjectsConflictWithLaterChangesAndErasures) {
  ASSERT_TRUE(store().commit(ground()));
  const Revision first = store().commit(one_of_each("same", "first")).value();
  for_each_kind([&]<class T>(std::type_identity<T>) {
    const auto late = object<T>("same", "late");
    const model::IdOf<T> id("same");
    const auto expect_conflict = [&] {
      for (const Transaction& transaction : {puts({late}), erases({id})}) {
        const auto refused = store().commit(based_on(first, transaction));
        ASSERT_FALSE(refused.has_value());
        EXPECT_EQ(refused.error().kind, ErrorKind::kConflict);
        EXPECT_THAT(refused.error().message, HasSubstr("same"));
      }
    };
    ASSERT_TRUE(store().commit(based_on(first, puts({object<T>("new")})))) << "never there";
    const auto second = store().commit(based_on(first, puts({object<T>("same", "second")})));
    ASSERT_TRUE(second) << second.error().message;
    expect_conflict();
    EXPECT_THAT(stored<T>(store()), UnorderedElementsAre(object<T>("same", "second"), object<T>("new")));
    ASSERT_TRUE(store().commit(based_on(*second, erases({id})))) << "read again";
    reopen();
    expect_conflict();
    EXPECT_THAT(stored<T>(store()), ElementsAre(object<T>("new")));
  });
}

TEST_P(StoreContract, RefusesObjectsWhoseTextIsNotUtf8) {
  ASSERT_TRUE(store().commit(ground()));
  for_each_kind([&]<class T>(std::type_identity<T>) {
    const auto refused = store().commit(puts({object<T>("bad", "\xff")}));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind, ErrorKind::kInvalidParameter);
    EXPECT_THAT(refused.error().message, HasSubstr("bad holds a text that is not UTF-8"));
  });
}

template <class T>
T at(T made, const std::string& subnet, const std::string& vpc) {
  made.subnet = SubnetId(subnet);
  made.vpc = VpcId(vpc);
  return made;
}

TEST_P(StoreContract, InterfacesAndNatGatewaysAreOfASubnetAndAVpc) {
  ASSERT_TRUE(store().commit(ground()));
  const auto eni = object<NetworkInterface>("eni-1");
  const auto nat = object<NatGateway>("nat-1");
  expect_breach(puts({at(eni, "subnet-2", "vpc-1")}), "eni-1 is of the subnet 'subnet-2', which");
  expect_breach(puts({at(eni, "subnet-1", "vpc-2")}),
                "eni-1 is of the vpc 'vpc-2', which does not exist; create it first");
  expect_breach(puts({at(nat, "subnet-2", "vpc-1")}), "nat-1 is of the subnet 'subnet-2', which");
  expect_breach(puts({at(nat, "subnet-9", "vpc-9")}), "nat-1 is of the subnet 'subnet-9' and the vpc 'vpc-9'");

  ASSERT_TRUE(store().commit(puts({eni, nat})));
  expect_breach(erases({SubnetId("subnet-1")}), "subnet-1 is still in use; delete first: nat-1, eni-1");
  expect_breach(erases({VpcId("vpc-1")}), "vpc-1 is still in use; delete first: nat-1, eni-1, subnet-1");
  expect_breach(puts({at(eni, "subnet-1", "vpc-2")}), "eni-1");
  expect_breach(erases({model::NatGatewayId("nat-1"), SubnetId("subnet-1")}), "delete first: eni-1");

  // A reference moves with its row.
  ASSERT_TRUE(store().commit(puts({vpc("vpc-2"), subnet("subnet-2", "vpc-2"), at(eni, "subnet-2", "vpc-2")})));
  expect_breach(erases({VpcId("vpc-2")}), "eni-1, subnet-2");
  Transaction all = erases({model::NatGatewayId("nat-1"), SubnetId("subnet-1"), VpcId("vpc-1")});
  EXPECT_TRUE(store().commit(all));
}

}  // namespace
}  // namespace sallyport::store
