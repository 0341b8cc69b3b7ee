#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "store/store.h"

// What every Store must do, as tests (store_contract_test.cc). A backend's own test program part says
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

 private:
  std::unique_ptr<StoreHome> home_;
  std::unique_ptr<Store> store_;
};

}  // namespace sallyport::store
