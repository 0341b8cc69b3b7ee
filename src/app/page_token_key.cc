#include "app/page_token_key.h"

#include <cstddef>

namespace sallyport::app {

namespace {

constexpr const char* kPageTokenSetting = "page_token_key";
constexpr std::size_t kPageTokenKeyDigits = 64;

}  // namespace

base::Result<std::string> page_token_key(store::Store& store, base::Entropy& entropy) {
  const auto kept = store.setting(kPageTokenSetting);
  if (!kept) return base::fail(kept.error());
  if (*kept) return **kept;
  const std::string key = base::random_hex(entropy, kPageTokenKeyDigits);
  store::Transaction transaction;
  transaction.settings.emplace_back(kPageTokenSetting, key);
  if (const auto written = store.commit(transaction); !written) return base::fail(written.error());
  return key;
}

}  // namespace sallyport::app
