#include "api/audit/audit_record.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "api/errors.h"
#include "base/limits.h"
#include "wire/json_parse.h"
#include "wire/uri.h"

namespace sallyport::api::audit {
namespace {

const model::AccountId kAccount("000000000000");
const model::Region kRegion("eu-west-1");
const base::Time kAt = *base::parse_amz_date("20261124T143000Z") + base::Millis(250);

const iam::Principal kRoot = iam::root_principal(kAccount);
const iam::Principal kUser{.arn = model::Arn("arn:aws:iam::000000000000:user/ann"),
                           .user_id = "AIDA1",
                           .account = kAccount,
                           .user = model::IamUserId("AIDA1"),
                           .name = "ann"};
const iam::Principal kSession{
    .arn = model::Arn("arn:aws:sts::000000000000:assumed-role/ops/ann"),
    .user_id = "AROA1:ann",
    .account = kAccount,
    .role = model::IamRoleId("AROA1"),
    .name = "ann",
    .issuer = iam::SessionIssuer{model::Arn("arn:aws:iam::000000000000:role/x/ops"), "ops", kAt - base::Seconds(60)},
    .temporary = iam::Temporary{{}, kAt + base::Seconds(600), kAt - base::Seconds(60)}};

struct Call {
  std::string service = "iam";
  const iam::Principal* principal = &kRoot;
  std::string body{};
  HttpResponse response{};
  std::string agent = "aws-cli/1";
  std::string key = "AKIAABCDEFGHIJKLMNOP";
};

Entry entry(const Call& call) {
  const HttpRequest request{
      .method = "POST",
      .target = "/",
      .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"User-Agent", call.agent}},
      .body = call.body,
      .source = *base::IpAddress::parse("192.0.2.7")};
  return entry_of({.answered_at = kAt,
                   .account = kAccount,
                   .region = kRegion,
                   .request_id = "r-1",
                   .event_id = "e-1",
                   .request = request,
                   .response = call.response,
                   .protocol = protocol_of(call.service),
                   .service = call.service,
                   .principal = call.principal,
                   .access_key_id = call.key});
}

wire::Json member(const Entry& entry, std::string_view name) {
  const auto record = wire::parse_json(entry.line);
  if (!record || record->as_object() == nullptr) return "no JSON object";
  for (const wire::JsonMember& one : *record->as_object()) {
    if (one.name == name) return one.value;
  }
  return {};
}

std::string text(const Entry& entry, std::string_view name) { return wire::to_text(member(entry, name)); }

HttpResponse created_user() {
  return {200,
          {},
          "<CreateUserResponse><CreateUserResult><User><UserName>ann</UserName></User></CreateUserResult>"
          "<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></CreateUserResponse>"};
}

TEST(AuditRecord, HasEveryMemberInCloudTrailsShape) {
  const Entry made = entry({.body = "Action=CreateUser&Version=2010-05-08&UserName=ann", .response = created_user()});
  EXPECT_EQ(
      made.line,
      R"({"eventVersion":"1.11","userIdentity":{"type":"Root","principalId":"000000000000",)"
      R"("arn":"arn:aws:iam::000000000000:root","accountId":"000000000000","accessKeyId":"AKIAABCDEFGHIJKLMNOP"},)"
      R"("eventTime":"2026-11-24T14:30:00Z","eventSource":"iam.amazonaws.com","eventName":"CreateUser",)"
      R"("awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.7","userAgent":"aws-cli/1",)"
      R"("requestParameters":{"userName":"ann"},"responseElements":{"user":{"userName":"ann"}},)"
      R"("requestID":"r-1","eventID":"e-1","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,)"
      R"("recipientAccountId":"000000000000","eventCategory":"Management"})"
      "\n");
  EXPECT_EQ(made.result, Result::kAllowed);
  EXPECT_TRUE(made.change);
}

TEST(AuditRecord, NamesUsersAndSessions) {
  EXPECT_EQ(text(entry({.principal = &kUser}), "userIdentity"),
            R"({"type":"IAMUser","principalId":"AIDA1","arn":"arn:aws:iam::000000000000:user/ann",)"
            R"("accountId":"000000000000","accessKeyId":"AKIAABCDEFGHIJKLMNOP","userName":"ann"})");
  EXPECT_EQ(
      text(entry({.principal = &kSession, .key = "ASIA1"}), "userIdentity"),
      R"({"type":"AssumedRole","principalId":"AROA1:ann",)"
      R"("arn":"arn:aws:sts::000000000000:assumed-role/ops/ann","accountId":"000000000000","accessKeyId":"ASIA1",)"
      R"("sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROA1",)"
      R"("arn":"arn:aws:iam::000000000000:role/x/ops","accountId":"000000000000","userName":"ops"},)"
      R"("attributes":{"mfaAuthenticated":"false","creationDate":"2026-11-24T14:29:00Z"}}})");
}

TEST(AuditRecord, ShowsTheDecision) {
  const Entry denied = entry({.service = "ec2",
                              .principal = &kUser,
                              .body = "Action=CreateVpc&CidrBlock=10.0.0.0%2F16",
                              .response = ec2_error(403, "UnauthorizedOperation", "You may not", "r-1")});
  EXPECT_EQ(text(denied, "errorCode"), R"("Client.UnauthorizedOperation")");
  EXPECT_EQ(text(denied, "errorMessage"), R"("You may not")");
  EXPECT_EQ(text(denied, "requestParameters"), R"({"cidrBlock":"10.0.0.0/16"})");
  EXPECT_EQ(text(denied, "responseElements"), "null");
  EXPECT_EQ(text(denied, "readOnly"), "false");
  EXPECT_EQ(denied.result, Result::kDenied);
  EXPECT_FALSE(denied.change) << "nothing was changed";
  EXPECT_EQ(entry({.response = query_error(409, "EntityAlreadyExists", "m", "r")}).result, Result::kFailed);
}

TEST(AuditRecord, ReadsTellNoAnswerAndAssumedRolesNoCredentials) {
  const Entry read = entry({.service = "ec2",
                            .body = "Action=DescribeVpcs",
                            .response = {200, {}, "<DescribeVpcsResponse><x>1</x></DescribeVpcsResponse>"}});
  EXPECT_EQ(text(read, "responseElements"), "null");
  EXPECT_EQ(text(read, "readOnly"), "true");
  EXPECT_FALSE(read.change);
  const Entry assumed =
      entry({.service = "sts",
             .body = "Action=AssumeRole&RoleArn=arn&RoleSessionName=ann",
             .response = {200,
                          {},
                          "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA1</AccessKeyId>"
                          "<SecretAccessKey>sesame</SecretAccessKey><SessionToken>opened</SessionToken>"
                          "</Credentials></AssumeRoleResult></AssumeRoleResponse>"}});
  EXPECT_EQ(text(assumed, "responseElements"),
            R"({"credentials":{"accessKeyId":"ASIA1","secretAccessKey":"HIDDEN_DUE_TO_SECURITY_REASONS",)"
            R"("sessionToken":"HIDDEN_DUE_TO_SECURITY_REASONS"}})");
  EXPECT_EQ(assumed.line.find("sesame"), std::string::npos);
  EXPECT_EQ(assumed.line.find("opened"), std::string::npos);
}

TEST(AuditRecord, OfCallsThatNobodyVouchesForIsShort) {
  const Entry made = entry({.service = std::string(1000, 's'),
                            .principal = nullptr,
                            .body = "Action=CreateUser&Version=2010-05-08&UserName=" + std::string(100'000, 'u'),
                            .response = query_error(403, "SignatureDoesNotMatch", std::string(100'000, 'm'), "r-1"),
                            .agent = "a\"\n\x1b\xff" + std::string(100'000, 'a')});
  EXPECT_LT(made.line.size(), 2'500U);
  EXPECT_EQ(made.line.find('\n'), made.line.size() - 1) << "one record is one line";
  EXPECT_EQ(text(made, "userIdentity"), R"({"type":"Unknown"})");
  EXPECT_EQ(text(made, "eventSource"), R"("iam.amazonaws.com")");
  EXPECT_EQ(text(made, "eventName"), R"("CreateUser")");
  EXPECT_EQ(text(made, "requestParameters"), "null");
  EXPECT_EQ(text(made, "additionalEventData"), R"({"claimedAccessKeyId":"AKIAABCDEFGHIJKLMNOP"})");
  EXPECT_EQ(made.result, Result::kUnauthenticated);
  // A secret may stand where the id of its key belongs.
  EXPECT_EQ(text(entry({.principal = nullptr, .key = "wJalrXUtnFEMI/K7MDENG"}), "additionalEventData"), "null");
  EXPECT_EQ(text(entry({.service = "Odd\nService"}), "eventSource"), R"("unknown.amazonaws.com")");
}

TEST(AuditRecord, LeavesOutWhatIsTooLongAndSaysSo) {
  const Entry made =
      entry({.body = "Action=CreatePolicy&PolicyDocument=" + std::string(base::limits::kAuditFieldBytes, 'p')});
  EXPECT_LT(made.line.size(), 2'500U);
  EXPECT_EQ(text(made, "requestParameters"),
            R"({"omitted":true,"originalSize":102421,"reason":"longer than the record may be"})");
}

RC_GTEST_PROP(AuditRecordProperty, AnyBytesMakeOneLineOfJsonWithoutTheSecret, ()) {
  const auto bytes = rc::gen::string<std::string>();
  const std::string secret = "s3cr3t-" + *rc::gen::container<std::string>(12, rc::gen::inRange('a', 'z'));
  const std::string spelling =
      *rc::gen::element<std::string>("SecretAccessKey", "secret_access_key", "SessionToken", "X-Amz-Security-Token",
                                     "Password", "Options.1.PreSharedKey");
  const std::string body = "Action=" + *rc::gen::element<std::string>("CreateUser", "DescribeVpcs", "Odd") + "&" +
                           wire::percent_encode(*bytes) + "=" + wire::percent_encode(*bytes) + "&" + spelling + "=" +
                           secret;
  const Entry made = entry({.service = *rc::gen::element<std::string>("iam", "ec2", "sts", "odd"),
                            .body = body,
                            .response = query_error(400, *bytes, "value " + secret + " of " + *bytes, "r"),
                            .agent = *bytes + secret});
  RC_ASSERT(made.line.find('\n') == made.line.size() - 1);
  RC_ASSERT(wire::parse_json(made.line).has_value());
  RC_ASSERT(made.line.find("s3cr3t") == std::string::npos);
}

TEST(AuditRecord, TellingOperationsAreThoseThatChangeNothing) {
  for (const char* name : {"DescribeVpcs", "GetUser", "ListRoles", "SearchTransitGatewayRoutes", "AssumeRole"})
    EXPECT_TRUE(is_read_only(name)) << name;
  for (const char* name :
       {"CreateCluster", "UpdateClusterConfig", "AttachUserPolicy", "TagResource", "AllocateAddress"})
    EXPECT_FALSE(is_read_only(name)) << name;
}

}  // namespace
}  // namespace sallyport::api::audit
