#include "api/audit/file_audit_log.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <sstream>
#include <thread>

#include "api/audit/file_test_folder.h"
#include "base/limits.h"

namespace sallyport::api::audit {
namespace {

class FileAuditLogTest : public AuditFilesTest {
 protected:
  FileAuditLogTest() : previous_(spdlog::default_logger()) {
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(said_)));
  }
  ~FileAuditLogTest() override { spdlog::set_default_logger(previous_); }

  FileAuditLogConfig log_config(std::uint64_t keep_unauthenticated = 1000) const {
    return {config(100'000, 1'000'000), keep_unauthenticated};
  }
  // In the way of the folder, which is kept aside.
  void block() const {
    std::filesystem::rename(folder_, root_ / "aside");
    std::ofstream(folder_) << "in the way";
  }
  void unblock() const {
    std::filesystem::remove(folder_);
    std::filesystem::rename(root_ / "aside", folder_);
  }
  std::ptrdiff_t said(const std::string& what) const {
    const std::string text = said_.str();
    std::ptrdiff_t count = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
      ++count;
    return count;
  }

  std::ostringstream said_;
  std::shared_ptr<spdlog::logger> previous_;
};

TEST_F(FileAuditLogTest, KeepsAndCounts) {
  FileAuditLog log(log_config(), clock_);
  EXPECT_TRUE(log.ready());
  log.record({"read\n", Result::kAllowed, false});
  log.record({"change\n", Result::kAllowed, true});
  log.record({"no\n", Result::kDenied, false});
  log.record({"who\n", Result::kUnauthenticated, false});
  EXPECT_EQ(all_text(), "read\nchange\nno\n");
  const AuditStats stats = log.stats();
  EXPECT_EQ(stats.records, (std::map<Result, std::uint64_t>{
                               {Result::kAllowed, 2}, {Result::kDenied, 1}, {Result::kUnauthenticated, 1}}));
  EXPECT_FALSE(stats.failing);
  folder_ = unauthenticated_folder(folder_);
  EXPECT_EQ(all_text(), "who\n");
}

TEST_F(FileAuditLogTest, AFloodOfStrangersPushesOutStrangersAlone) {
  FileAuditLog log(log_config(), clock_);
  log.record({"mine\n", Result::kAllowed, true});
  for (int i = 0; i < 200; ++i)
    log.record({std::string(99, 'x') + "\n", Result::kUnauthenticated, false});
  EXPECT_EQ(all_text(), "mine\n");
  folder_ = unauthenticated_folder(folder_);
  EXPECT_LE(all_text().size(), 1000U);
  EXPECT_GT(all_text().size(), 400U);
}

TEST_F(FileAuditLogTest, WhatCannotBeWrittenWaitsAndIsSaidOnce) {
  FileAuditLog log(log_config(), clock_);
  log.record({"one\n", Result::kAllowed, false});
  block();
  EXPECT_FALSE(log.ready()) << "before any record is lost";
  log.record({"two\n", Result::kAllowed, true});
  log.record({"three\n", Result::kDenied, false});
  EXPECT_FALSE(log.ready());
  EXPECT_TRUE(log.stats().failing);
  EXPECT_EQ(log.stats().waiting, 2U);
  EXPECT_GT(log.stats().write_failures, 0U);
  EXPECT_EQ(said("changes are refused"), 2) << said_.str() << "once for each of the two folders";

  unblock();
  log.record({"four\n", Result::kAllowed, false});
  EXPECT_EQ(all_text(), "one\ntwo\nthree\nfour\n");
  EXPECT_TRUE(log.ready());
  EXPECT_FALSE(log.stats().failing);
  EXPECT_EQ(log.stats().waiting, 0U);
  EXPECT_EQ(log.stats().lost, 0U);
  EXPECT_EQ(said("is written again"), 2);
}

TEST_F(FileAuditLogTest, RecoversFromAFullDisk) {
  FileAuditLog log(log_config(), clock_);
  log.record({"one\n", Result::kAllowed, false});
  {
    const FullDisk full(6);
    log.record({"the second\n", Result::kAllowed, true});
    EXPECT_FALSE(log.ready());
    EXPECT_EQ(all_text(), "one\n");
  }
  EXPECT_TRUE(log.ready());
  EXPECT_EQ(all_text(), "one\nthe second\n");
}

TEST_F(FileAuditLogTest, CountsWhatDoesNotFitBesideWhatWaits) {
  FileAuditLog log(log_config(), clock_);
  block();
  const std::string line(100'000, 'x');
  for (std::size_t i = 0; i <= base::limits::kAuditWaitingBytes / line.size(); ++i)
    log.record({line, Result::kAllowed, false});
  EXPECT_EQ(log.stats().waiting, base::limits::kAuditWaitingBytes / line.size());
  EXPECT_EQ(log.stats().lost, 1U);
  unblock();
}

TEST_F(FileAuditLogTest, StartsWithoutItsFolderAndMendsLater) {
  std::ofstream(folder_) << "in the way";
  FileAuditLog log(log_config(), clock_);
  EXPECT_FALSE(log.ready());
  std::filesystem::remove(folder_);
  EXPECT_TRUE(log.ready());
}

TEST_F(FileAuditLogTest, LinesOfManyThreadsDoNotMix) {
  FileAuditLog log(log_config(), clock_);
  std::vector<std::thread> threads;
  for (char c = 'a'; c < 'e'; ++c) {
    threads.emplace_back([&log, c] {
      for (int i = 0; i < 50; ++i)
        log.record({std::string(50, c) + "\n", Result::kAllowed, i % 10 == 0});
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  std::istringstream lines(all_text());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    ASSERT_EQ(line, std::string(50, line.empty() ? '?' : line.front()));
  EXPECT_EQ(count, 200);
}

}  // namespace
}  // namespace sallyport::api::audit
