#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/result.h"
#include "store/store.h"
#include "store/test_entities.h"

// What every Store must do, as tests (store_*_test.cc). A backend's own test program part says
//   INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(Backend{…}), name_of_backend);
namespace sallyport::store {

// State that outlives a Store: opened, dropped and opened again, by this process or a forked one.
class StoreHome {
 public:
  virtual ~StoreHome() = default;
  virtual base::Result<std::unique_ptr<Store>> open() = 0;
};

struct Backend {
  std::string name;
  std::function<std::unique_ptr<StoreHome>()> make_home;  // empty, removed with the object
};

inline std::string name_of_backend(const testing::TestParamInfo<Backend>& info) { return info.param.name; }

class StoreContract : public testing::TestWithParam<Backend> {
 protected:
  StoreContract() : home_(GetParam().make_home()) { reopen(); }

  Store& store() { return *store_; }
  StoreHome& home() { return *home_; }
  void close() { store_.reset(); }
  void reopen() {
    close();
    auto opened = home_->open();
    if (!opened) throw std::runtime_error(opened.error().message);
    store_ = *std::move(opened);
  }

  // A breach refuses the whole transaction.
  void expect_breach(Transaction broken, const std::string& named) {
    const model::Revision before = store().load()->revision;
    broken.puts.insert(broken.puts.begin(), testing_entities::cluster("witness"));
    broken.settings.emplace_back("witness", "yes");
    broken.events.push_back(testing_entities::event("witness"));
    const auto refused = store().commit(broken);
    ASSERT_FALSE(refused.has_value()) << named;
    EXPECT_EQ(refused.error().kind, base::ErrorKind::kInvalidRequest) << refused.error().message;
    EXPECT_THAT(refused.error().message, testing::HasSubstr(named));
    const Inventory all = store().load().value();
    EXPECT_EQ(all.revision, before);
    for (const auto& found : all.clusters)
      EXPECT_NE(found.name.str(), "witness");
    EXPECT_EQ(store().setting("witness").value(), std::nullopt);
    EXPECT_THAT(store().recent_events(1).value(), testing::IsEmpty());
  }

 private:
  std::unique_ptr<StoreHome> home_;
  std::unique_ptr<Store> store_;
};

}  // namespace sallyport::store
