#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace sallyport::provider {

// A folder of mode 0700 for one test, gone with it.
class TestFolder {
 public:
  TestFolder() {
    // In memory, where a flush to disk costs nothing.
    const std::filesystem::path memory("/dev/shm");
    const auto where = std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
    std::string pattern = (where / "sallyport-provider-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace sallyport::provider
