#include "iam/credentials.h"
#include "iam/credentials_file.h"

namespace sallyport::iam {

namespace {

AccessKey root_key(CredentialsFile file, const model::AccountId& account) {
  return {.id = std::move(file.access_key_id), .secret = std::move(file.secret), .principal = root_principal(account)};
}

}  // namespace

base::Result<AccessKey> load_or_create_root_key(const std::string& path, base::Entropy& entropy,
                                                const model::AccountId& account) {
  auto present = read_credentials_file(path);
  if (present) return root_key(std::move(*present), account);
  if (present.error().kind != base::ErrorKind::kNotFound) return base::fail(present.error());

  AccessKey key = make_access_key(entropy, root_principal(account));
  const auto created =
      create_credentials_file(path, path + ".new-" + base::random_hex(entropy, 16), {key.id, key.secret});
  if (created) return key;
  if (created.error().kind != base::ErrorKind::kInUse) return base::fail(created.error());
  // Another process starting at the same time was first; its key is the one that counts.
  present = read_credentials_file(path);
  if (!present) return base::fail(present.error());
  return root_key(std::move(*present), account);
}

}  // namespace sallyport::iam
