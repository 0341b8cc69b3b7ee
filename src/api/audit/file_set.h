#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "api/audit/file_name.h"
#include "base/descriptor.h"
#include "base/result.h"
#include "base/time.h"
#include "model/ids.h"

namespace sallyport::api::audit {

struct FileSetConfig {
  std::string folder;  // made, with mode 0700, where it is missing
  model::AccountId account;
  model::Region region;
  std::uint64_t max_file_bytes = 0;
  std::uint64_t keep_bytes = 0;  // of all files together; at least twice max_file_bytes
};

// Files of lines in one folder, which are only ever appended to: a new one each day (UTC) and past a size, the oldest
// removed past a sum of sizes or past limits::kAuditFiles. One process at a time. Of one thread.
class FileSet {
 public:
  // Touches nothing yet. `clock` must outlive it.
  FileSet(FileSetConfig config, const base::Clock& clock) : config_(std::move(config)), clock_(clock) {}

  // That the file under way is open and still has its name; opens it, or another, where not.
  base::Status open();
  // One whole line, of at most max_file_bytes. On an error none of it stays.
  base::Status append(std::string_view line);
  // The next line goes to a new file: the one under way may have lost what it took.
  void abandon() {
    close();
    abandoned_ = true;
  }

  // The file under way, for fdatasync without holding up others; null when none is open.
  std::shared_ptr<const base::Descriptor> file() const { return file_; }
  const FileSetConfig& config() const { return config_; }

 private:
  void close() { file_ = nullptr; }
  bool has_its_name() const;
  base::Status take_folder();
  base::Status resume(const FileName& newest);
  base::Status begin();
  base::Status write_all(std::string_view text);
  void remove_oldest() const;
  std::string path_of(const FileName& name) const { return config_.folder + "/" + name.text; }

  FileSetConfig config_;
  const base::Clock& clock_;
  base::Descriptor folder_;  // holds the lock
  std::shared_ptr<base::Descriptor> file_;
  FileName name_;
  std::uint64_t size_ = 0;
  bool abandoned_ = false;
};

}  // namespace sallyport::api::audit
