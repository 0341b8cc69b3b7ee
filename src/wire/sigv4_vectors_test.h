#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "wire/sigv4.h"

// Requests signed by botocore 1.43.11 at 2026-11-24T14:30:00Z with the example key of the AWS documentation:
// those of its eks and sts clients as they left for the wire, and some of SigV4Auth and SigV4QueryAuth alone.
namespace sallyport::wire::sigv4::vectors {

struct Vector {
  std::string name;
  std::string service;
  std::string method;
  std::string target;
  std::vector<Header> headers;
  std::string body;

  Request request() const { return {method, target, headers, body}; }
};

inline constexpr std::string_view kAccessKeyId = "AKIAIOSFODNN7EXAMPLE";
inline constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
inline constexpr std::string_view kRegion = "us-east-1";
inline const base::Time kSignedAt = *base::parse_amz_date("20261124T143000Z");

// clang-format off
inline const std::vector<Vector> kVectors = {
    {"ListClusters", "eks", "GET",
     "/clusters?maxResults=5&nextToken=a%2Bb%2Fc%3Dd%20e~",
     {{"Host", "127.0.0.1:8787"},
      {"X-Amz-Date", "20261124T143000Z"},
      {"Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/eks/aws4_request, SignedHeaders=host;x-amz-date, Signature=e295f3bc2f7c4a0edb67fefd23aa57174cf393f05eb8b51a33d67eb117713747"}},
     ""},
    {"UpdateClusterConfig", "eks", "POST",
     "/clusters/my-cluster/update-config",
     {{"Host", "127.0.0.1:8787"},
      {"Content-Type", "application/json"},
      {"X-Amz-Date", "20261124T143000Z"},
      {"Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/eks/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=06a3bde0bb51edb8aece039a8cee2ae6683b3c663f67247181d7e28455f31da1"},
      {"Content-Length", "188"}},
     "{\"clientRequestToken\": \"0f3a3f6e-0000-4000-8000-000000000001\", \"resourcesVpcConfig\": {\"endpointPublicAccess\": true, \"publicAccessCidrs\": [\"203.0.113.5/32\"], \"endpointPrivateAccess\": true}}"},
    {"path with a space", "eks", "GET",
     "/clusters/my%20cluster",
     {{"Host", "127.0.0.1:8787"},
      {"X-Amz-Date", "20261124T143000Z"},
      {"Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/eks/aws4_request, SignedHeaders=host;x-amz-date, Signature=b8ad64c7210a85b6694b200be6241f9e33ee102ebdf677bcbec9d54e444a4629"}},
     ""},
    {"path in Unicode", "eks", "GET",
     "/clusters/gr%C3%BC%C3%9F-%E9%9B%86",
     {{"Host", "127.0.0.1:8787"},
      {"X-Amz-Date", "20261124T143000Z"},
      {"Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/eks/aws4_request, SignedHeaders=host;x-amz-date, Signature=0d53cabfb3f6bdcf8c72127548c7b1d31afb4cd237196d85413870c8e556248c"}},
     ""},
    {"ARN in the path", "eks", "GET",
     "/tags/arn%3Aaws%3Aeks%3Aus-east-1%3A000000000000%3Acluster%2Fmy-cluster",
     {{"Host", "127.0.0.1:8787"},
      {"X-Amz-Date", "20261124T143000Z"},
      {"Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/eks/aws4_request, SignedHeaders=host;x-amz-date, Signature=a38088de64d8b6c9ea2d9c7e992a3291a4d43b790a3a8a6213f9d4f7d6abffd9"}},
     ""},
    {"TagResource", "eks", "POST",
     "/tags/arn%3Aaws%3Aeks%3Aus-east-1%3A000000000000%3Acluster%2Fmy-cluster",
     {{"Host", "127.0.0.1:8787"},
      {"Content-Type", "application/json"},
      {"X-Amz-Date", "20261124T143000Z"},
      {"Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/eks/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=102f4fa10a85cc2492dffda39069b3515e91ddc3bd64146e4c4d47cc31eb92a4"},
      {"Content-Length", "38"}},
     "{\"tags\": {\"owner\": \"caf\\u00e9 \\\"x\\\"\"}}"},
    {"repeated query key", "eks", "DELETE",
     "/tags/arn%3Aaws%3Aeks%3Aus-east-1%3A000000000000%3Acluster%2Fmy-cluster?tagKeys=b&tagKeys=a&tagKeys=A%20b&tagKeys=%20~%2A%27%28%29",
     {{"Host", "127.0.0.1:8787"},
      {"X-Amz-Date", "20261124T143000Z"},
      {"Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/eks/aws4_request, SignedHeaders=host;x-amz-date, Signature=278d69f7604a3cff9e0dcd99bc623f3153233ea4cc8bdcf61f7e2d95ebaa4c5e"},
      {"Content-Length", "0"}},
     ""},
    {"form body", "sts", "POST",
     "/",
     {{"Host", "127.0.0.1:8787"},
      {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
      {"X-Amz-Date", "20261124T143000Z"},
      {"Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/sts/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=e39e4f06823a4bcb0152209450ca78ecb6c0ead28e5d57a4ffa84bc9507bbe55"},
      {"Content-Length", "43"}},
     "Action=GetCallerIdentity&Version=2011-06-15"},
    {"empty values", "eks", "GET",
     "/clusters?b=&a&a=0&A=",
     {{"Host", "eks.example"},
      {"X-Amz-Date", "20261124T143000Z"},
      {"Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/eks/aws4_request, SignedHeaders=host;x-amz-date, Signature=9d13cc88f104bbdb3054ca9243b2093106089c61f947a316af21be4749182dba"}},
     ""},
    {"white space in headers", "eks", "GET",
     "/clusters/",
     {{"Host", "eks.example"},
      {"X-Odd", "  a   b \011 c  "},
      {"X-Amz-Date", "20261124T143000Z"},
      {"Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/eks/aws4_request, SignedHeaders=host;x-amz-date;x-odd, Signature=cb00c2aeeb9ec7b352756cc90e15b8fc90ca78934103be51f351dde14792010b"}},
     ""},
    {"stated payload hash", "eks", "POST",
     "/clusters",
     {{"Host", "eks.example"},
      {"X-Amz-Content-SHA256", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},
      {"X-Amz-Date", "20261124T143000Z"},
      {"Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/eks/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=55c1ef4c8f6cb552668a6b52c48ba928735e96311f594ac574f5950762b53927"}},
     "{}"},
    {"Date header", "eks", "GET",
     "/",
     {{"Host", "eks.example"},
      {"Date", "Tue, 24 Nov 2026 14:30:00 -0000"},
      {"Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/eks/aws4_request, SignedHeaders=date;host, Signature=c29853f25ee95621820162f2de57324cf468dafd7f9d257e82769a59eab47eaf"}},
     ""},
    {"presigned", "eks", "GET",
     "/clusters?maxResults=3&x=%20%2F&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261124%2Fus-east-1%2Feks%2Faws4_request&X-Amz-Date=20261124T143000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=b59896c1448a46e33786e54ff8430ddf7dbdcf6926a9bd875ec0191623707cb2",
     {{"Host", "eks.example"}},
     ""},
    {"presigned with a header", "sts", "GET",
     "/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261124%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20261124T143000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Signature=662d2f3c53607c8c5c58a12c2bd75861a2ee9f894c4b67e849eec8eb37cd2c5d",
     {{"Host", "127.0.0.1:8787"},
      {"x-k8s-aws-id", "my-cluster"}},
     ""},
};
// clang-format on

}  // namespace sallyport::wire::sigv4::vectors
