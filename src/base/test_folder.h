#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sallyport::base {

// A folder of mode 0700 for one test, gone with it.
class TestFolder {
 public:
  TestFolder() : TestFolder(std::filesystem::temp_directory_path()) {}
  // Where a flush to disk costs nothing; programs may not run from there.
  static TestFolder in_memory() {
    const std::filesystem::path memory("/dev/shm");
    return TestFolder(std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path());
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  // Makes folders on the way to `name` too; returns its path.
  std::string write(std::string_view name, std::string_view text) const {
    const std::filesystem::path file = *this / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }
  std::string read(std::string_view name) const {
    std::ifstream file(*this / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  explicit TestFolder(const std::filesystem::path& where) {
    path_ = (where / "sallyport-test-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no folder for a test in " + where.string());
  }

  std::string path_;
};

}  // namespace sallyport::base
