#include "app/webhook_certificates.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <system_error>
#include <utility>

#include "base/entropy.h"
#include "base/limits.h"
#include "iam/private_file.h"

namespace sallyport::app {

namespace {

using base::ErrorKind;
using base::fail;

std::string authority_file(const std::string& folder) { return folder + "/authority.pem"; }

base::Status make_folder(const std::string& folder) {
  struct stat found {};
  if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return fail(ErrorKind::kInternal,
                folder + " cannot be made: " + std::error_code(errno, std::generic_category()).message());
  }
  if (::lstat(folder.c_str(), &found) != 0 || !S_ISDIR(found.st_mode) || found.st_uid != ::geteuid() ||
      (found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(ErrorKind::kAccessDenied,
                folder + " must be a folder of this user that no other can enter; run: chmod 700 " + folder);
  }
  return {};
}

// One that ends with its authority cannot be renewed beyond that: asking again would only cost.
base::Time renewal_of(const CertificateFacts& facts, const KeyedCertificate& authority) {
  const auto issuer = read_certificate(authority.certificate_pem);
  if (issuer && facts.ends >= issuer->ends) return base::Time::max();
  return facts.begins + (facts.ends - facts.begins) * 2 / 3;
}

base::Result<KeyedCertificate> load_or_make_authority(const std::string& folder, base::Time now) {
  const std::string path = authority_file(folder);
  auto text = iam::read_private_file(path);
  if (text) {
    auto kept = split_keyed(*text);
    if (!kept) {
      return fail(ErrorKind::kCorrupt,
                  path + " " + kept.error().message +
                      "; put it back from a backup, or remove it and give every API server the "
                      "new authority that `sallyport webhook-config` prints",
                  path);
    }
    const auto facts = read_certificate(kept->certificate_pem);
    if (!facts || facts->ends > now) return kept;
    return fail(ErrorKind::kInvalidRequest,
                path +
                    " has expired; remove it and give every API server the new authority that `sallyport "
                    "webhook-config` prints",
                path);
  }
  if (text.error().kind != ErrorKind::kNotFound) return fail(text.error());
  base::SystemEntropy entropy;
  // A name of its own, so that a client never takes one installation's authority for another's.
  auto made = make_authority("sallyport webhooks " + base::random_hex(entropy, 8), now, base::limits::kAuthorityTime);
  if (!made) return made;
  const std::string fresh = path + ".new-" + base::random_hex(entropy, 16);
  if (const auto written = iam::create_private_file(path, fresh, made->both()); !written) return fail(written.error());
  return made;
}

}  // namespace

base::Result<WebhookCertificates> WebhookCertificates::open(std::string folder, std::vector<std::string> names,
                                                            base::Time now) {
  if (const auto made = make_folder(folder); !made) return fail(made.error());
  auto authority = load_or_make_authority(folder, now);
  if (!authority) return fail(authority.error());
  WebhookCertificates opened(std::move(folder), std::move(names), *std::move(authority));
  if (const auto ready = opened.load_or_issue(now); !ready) return fail(ready.error());
  return opened;
}

base::Status WebhookCertificates::load_or_issue(base::Time now) {
  const auto text = iam::read_private_file(serving_file());
  if (!text && text.error().kind != ErrorKind::kNotFound) return fail(text.error());
  // A damaged one is nothing to keep: another is as good.
  const auto kept = text ? split_keyed(*text) : tl::unexpected(text.error());
  if (!kept || !is_signed_by(kept->certificate_pem, authority_pem())) return issue(now);
  const auto facts = read_certificate(kept->certificate_pem);
  if (!facts || facts->names != std::set<std::string>(names_.begin(), names_.end())) return issue(now);
  renew_at_ = renewal_of(*facts, authority_);
  if (now >= renew_at_) return issue(now);
  return {};
}

base::Status WebhookCertificates::issue(base::Time now) {
  const auto made = issue_serving(authority_, names_, now, base::limits::kServingCertificateTime);
  if (!made) return fail(made.error());
  const auto facts = read_certificate(made->certificate_pem);
  if (!facts) return fail(facts.error());
  base::SystemEntropy entropy;
  const std::string fresh = serving_file() + ".new-" + base::random_hex(entropy, 16);
  if (auto written = iam::replace_private_file(serving_file(), fresh, made->both()); !written) return written;
  renew_at_ = renewal_of(*facts, authority_);
  return {};
}

base::Result<bool> WebhookCertificates::renew_if_due(base::Time now) {
  if (now < renew_at_) return false;
  if (const auto issued = issue(now); !issued) return fail(issued.error());
  return true;
}

}  // namespace sallyport::app
