#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/eks/fake_control_plane.h"
#include "api/service.h"
#include "base/bytes.h"
#include "wire/sigv4.h"

// A service in eu-west-1 and a root principal that signs requests to it.
namespace sallyport::api {

class StillClock final : public base::Clock {
 public:
  base::Time now() const override { return time; }
  base::Time time = *base::parse_amz_date("20261124T143000Z");
};

// Keeps the records in memory; told not to be ready, it keeps them all the same.
class KeptAuditLog final : public audit::AuditLog {
 public:
  bool ready() override { return is_ready; }
  void record(audit::Entry entry) override { entries.push_back(std::move(entry)); }
  bool is_ready = true;
  std::vector<audit::Entry> entries;
};

class ApiServiceTest : public testing::Test {
 protected:
  void SetUp() override { credentials_.put(key_); }

  // A request to `service`, not signed yet.
  static HttpRequest request_to(const std::string& service, std::string method, std::string target, std::string body) {
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.headers = {{"Host", "127.0.0.1:8787"}};
    if (service == "sts" || service == "ec2" || service == "iam") {
      request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    }
    request.body = std::move(body);
    request.source = *base::IpAddress::parse("127.0.0.9");
    return request;
  }
  // As the clock says now.
  void sign(HttpRequest& request, const std::string& service, const wire::sigv4::SigningKey& key,
            const std::string& region = "eu-west-1") const {
    const wire::sigv4::Request view{request.method, request.target, request.headers, request.body};
    for (auto& header : wire::sigv4::sign(view, key, clock_.time, region, service))
      request.headers.push_back(std::move(header));
  }
  // A request that the root principal signed.
  HttpRequest signed_request(const std::string& service, std::string method, std::string target, std::string body = {},
                             const std::string& region = "eu-west-1") const {
    HttpRequest request = request_to(service, std::move(method), std::move(target), std::move(body));
    sign(request, service, {key_.id, key_.secret}, region);
    return request;
  }
  HttpRequest caller_identity() const {
    return signed_request("sts", "POST", "/", "Action=GetCallerIdentity&Version=2011-06-15");
  }

  StillClock clock_;
  base::SystemEntropy entropy_;
  eks::FakeControlPlane control_;
  iam::CredentialStore credentials_;
  iam::Sealer sealer_{wire::AeadKey{}, entropy_};
  iam::AccessKey key_ = iam::make_access_key(entropy_, iam::root_principal(model::AccountId("000000000000")));
  KeptAuditLog audit_;
  ApiService service_{control_,
                      credentials_,
                      sealer_,
                      clock_,
                      entropy_,
                      audit_,
                      model::AccountId("000000000000"),
                      model::Region("eu-west-1"),
                      "token key"};
};

inline std::string header(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (base::ascii_iequals(key, name)) return value;
  }
  return {};
}

}  // namespace sallyport::api
