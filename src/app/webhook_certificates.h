#pragma once

#include <string>
#include <vector>

#include "app/certificates.h"
#include "base/result.h"
#include "base/time.h"

namespace sallyport::app {

// The webhooks' own authority and serving certificate, where the configuration names none: DATA_DIR/webhooks (0700)
// with authority.pem and serving.pem (0600, certificate and key in one file, so that they change as one). One thread.
class WebhookCertificates {
 public:
  // Makes what is missing; the serving certificate also anew when it is not of this authority or for other `names`.
  // Refuses files that are damaged or that others can read, saying what to do.
  static base::Result<WebhookCertificates> open(std::string folder, std::vector<std::string> names, base::Time now);

  // Renews the serving certificate once two thirds of its time are over; true when it did.
  base::Result<bool> renew_if_due(base::Time now);

  const std::string& authority_pem() const { return authority_.certificate_pem; }
  std::string serving_file() const { return folder_ + "/serving.pem"; }

 private:
  WebhookCertificates(std::string folder, std::vector<std::string> names, KeyedCertificate authority)
      : folder_(std::move(folder)), names_(std::move(names)), authority_(std::move(authority)) {}
  base::Status load_or_issue(base::Time now);
  base::Status issue(base::Time now);

  std::string folder_;
  std::vector<std::string> names_;
  KeyedCertificate authority_;
  base::Time renew_at_{};
};

}  // namespace sallyport::app
