#include "iam/managed_policies.h"

#include <algorithm>
#include <array>

namespace sallyport::iam {

namespace {

constexpr std::string_view kPrefix = "arn:aws:iam::aws:policy/";

std::string allow(const std::string& actions) {
  return R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": [)" + actions +
         R"(], "Resource": "*"}]})";
}

}  // namespace

std::span<const ManagedPolicy> managed_policies() {
  static const std::array policies = {
      ManagedPolicy{"AdministratorAccess", "ANPASALLYPORT00000001", "Everything", allow(R"("*")")},
      ManagedPolicy{"ReadOnlyAccess", "ANPASALLYPORT00000002", "Looking at everything",
                    allow(R"("ec2:Describe*", "ec2:Get*", "ec2:Search*", "eks:Describe*", "eks:List*", "iam:Get*", )"
                          R"("iam:List*", "route53:Get*", "route53:List*", "sallyport:DescribeTraffic", )"
                          R"("sallyport:Explain", "sallyport:PreviewUpdate", "sts:GetCallerIdentity")")},
      ManagedPolicy{"IAMFullAccess", "ANPASALLYPORT00000003", "Everything about identities", allow(R"("iam:*")")},
      ManagedPolicy{"IAMReadOnlyAccess", "ANPASALLYPORT00000004", "Looking at identities",
                    allow(R"("iam:Get*", "iam:List*", "iam:Simulate*")")},
      ManagedPolicy{"AmazonVPCFullAccess", "ANPASALLYPORT00000005", "Everything about networks", allow(R"("ec2:*")")},
      ManagedPolicy{"AmazonVPCReadOnlyAccess", "ANPASALLYPORT00000006", "Looking at networks",
                    allow(R"("ec2:Describe*", "ec2:Get*", "ec2:Search*")")},
      // Roles of clusters carry these; here the API servers are the operator's own and use none of them.
      ManagedPolicy{"AmazonEKSClusterPolicy", "ANPASALLYPORT00000007", "What a cluster's role has on AWS",
                    allow(R"("ec2:Describe*")")},
      ManagedPolicy{"AmazonEKSVPCResourceController", "ANPASALLYPORT00000008", "What a cluster's role has on AWS",
                    allow(R"("ec2:Describe*")")},
      ManagedPolicy{"AmazonEKSServicePolicy", "ANPASALLYPORT00000009", "What a cluster's role has on AWS",
                    allow(R"("ec2:Describe*", "eks:DescribeCluster")")},
  };
  return policies;
}

const std::string* managed_policy_document(std::string_view arn) {
  if (!arn.starts_with(kPrefix)) return nullptr;
  const auto all = managed_policies();
  const auto found = std::ranges::find(all, arn.substr(kPrefix.size()), &ManagedPolicy::name);
  return found == all.end() ? nullptr : &found->document;
}

}  // namespace sallyport::iam
