#include "base/time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace sallyport::base {
namespace {

Time at(std::int64_t millis) { return Time(Millis(millis)); }

TEST(Time, PrintsBothForms) {
  EXPECT_EQ(format_rfc3339(at(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_amz_date(at(0)), "19700101T000000Z");
  EXPECT_EQ(format_rfc3339(at(1'795'530'600'123)), "2026-11-24T14:30:00.123Z");
  EXPECT_EQ(format_amz_date(at(1'795'530'600'123)), "20261124T143000Z");
  EXPECT_EQ(format_rfc3339(at(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(Time, IsCutToTheSecondAndNotRounded) {
  EXPECT_EQ(format_rfc3339_seconds(at(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_rfc3339_seconds(at(1'795'530'600'999)), "2026-11-24T14:30:00Z");
  EXPECT_EQ(format_rfc3339_seconds(at(-1)), "1969-12-31T23:59:59Z");
}

TEST(Time, ReadsTheAmzDate) {
  EXPECT_EQ(parse_amz_date("19700101T000000Z"), at(0));
  EXPECT_EQ(parse_amz_date("20261124T143000Z"), at(1'795'530'600'000));
  EXPECT_EQ(format_rfc3339(parse_amz_date("99991231T235959Z").value()), "9999-12-31T23:59:59.000Z");
}

TEST(Time, KnowsLeapYears) {
  for (const char* day : {"20240229", "20000229", "24000229"})
    EXPECT_TRUE(parse_amz_date(std::string(day) + "T000000Z")) << day;
  for (const char* day : {"20230229", "21000229", "20240230"})
    EXPECT_FALSE(parse_amz_date(std::string(day) + "T000000Z")) << day;
  EXPECT_EQ(parse_amz_date("20240301T000000Z").value() - parse_amz_date("20240228T000000Z").value(),
            std::chrono::hours(48));
}

TEST(Time, RefusesFieldsOutOfRange) {
  for (const char* text : {"20260001T000000Z", "20261301T000000Z", "20260100T000000Z", "20260132T000000Z",
                           "20260431T000000Z", "20260101T240000Z", "20260101T006000Z", "20260101T000060Z",
                           "20161231T235960Z", "19691231T235959Z", "00000101T000000Z"}) {
    EXPECT_FALSE(parse_amz_date(text)) << text;
  }
}

TEST(Time, RefusesOtherForms) {
  for (const char* text :
       {"", "20260101", "20260101T000000", "20260101T000000z", "20260101t000000Z", "20260101 000000Z",
        "2026-01-01T00:00:00Z", "20260101T000000Z ", " 20260101T00000Z", "2026010 T000000Z", "+2260101T000000Z",
        "2026-101T000000Z", "20260101T0000 0Z", "20260101T000000+00:00"}) {
    const auto read = parse_amz_date(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().kind, ErrorKind::kInvalidParameter);
    EXPECT_EQ(read.error().field, "X-Amz-Date");
  }
  EXPECT_FALSE(parse_amz_date(std::string_view("20260101T00000\0Z", 16)));
}

RC_GTEST_PROP(Time, AmzDateComesBack, ()) {
  constexpr std::int64_t kYear9999 = 253'402'300'800;
  const auto seconds = *rc::gen::inRange<std::int64_t>(0, kYear9999);
  RC_ASSERT(parse_amz_date(format_amz_date(at(seconds * 1'000))) == at(seconds * 1'000));
  RC_ASSERT(format_amz_date(at(seconds * 1'000 + 999)) == format_amz_date(at(seconds * 1'000)));
}

TEST(Time, SystemClockRunsAfterThisWasWritten) {
  EXPECT_GT(SystemClock().now(), parse_amz_date("20250101T000000Z").value());
}

}  // namespace
}  // namespace sallyport::base
