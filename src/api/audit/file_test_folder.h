#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "api/audit/file_set.h"
#include "base/test_folder.h"
#include "base/time.h"

namespace sallyport::api::audit {

class SetClock final : public base::Clock {
 public:
  base::Time now() const override { return time; }
  base::Time time = *base::parse_amz_date("20261124T143000Z");
};

// A folder for one test, and sets of files in it.
class AuditFilesTest : public testing::Test {
 protected:
  FileSetConfig config(std::uint64_t max_file_bytes = 1000, std::uint64_t keep_bytes = 5000) const {
    return {folder_, model::AccountId("000000000000"), model::Region("us-east-1"), max_file_bytes, keep_bytes};
  }
  static std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const FileName& name : files_in(folder_).value_or(std::vector<FileName>{}))
      found.push_back(name.text);
    return found;
  }
  // Of all files, oldest first.
  std::string all_text() const {
    std::string text;
    for (const std::string& name : names())
      text += text_of(folder_ + "/" + name);
    return text;
  }
  void put(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ + "/" + name, std::ios::binary) << text;
  }

  base::TestFolder root_;
  std::string folder_ = root_ / "audit";
  SetClock clock_;
};

// No file of this process grows past so many bytes, as on a full disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    before_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    rlimit small = limit_;
    small.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, before_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit limit_{};
  void (*before_)(int) = nullptr;
};

}  // namespace sallyport::api::audit
