#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "api/audit/audit_log.h"
#include "api/audit/file_set.h"
#include "base/time.h"

namespace sallyport::api::audit {

struct FileAuditLogConfig {
  FileSetConfig records;
  std::uint64_t keep_unauthenticated_bytes = 0;
};

struct AuditStats {
  std::map<Result, std::uint64_t> records;  // written
  std::uint64_t write_failures = 0;
  std::uint64_t lost = 0;  // did not fit beside those that wait
  std::size_t waiting = 0;
  bool failing = false;
};

// Records in files of one folder; those of calls that nobody vouches for in a folder of their own inside it, so that a
// flood of them pushes out nothing else. What cannot be written waits in memory, up to limits::kAuditWaitingBytes for
// each, and is written first when that is possible again.
class FileAuditLog final : public AuditLog {
 public:
  // Opens its files; where that fails, says so in the log and is not ready. `clock` must outlive it.
  FileAuditLog(const FileAuditLogConfig& config, const base::Clock& clock);

  bool ready() override;
  void record(Entry entry) override;
  AuditStats stats() const;

 private:
  struct Lane {
    Lane(FileSetConfig config, const base::Clock& clock) : files(std::move(config), clock) {}

    mutable std::mutex mutex;
    FileSet files;
    std::deque<Entry> waiting;
    std::size_t waiting_bytes = 0;
    std::optional<std::string> failure;  // of the last attempt
    AuditStats stats;
  };

  static base::Status write(Lane& lane, const Entry& entry);
  static void write_waiting(Lane& lane);
  static void failed(Lane& lane, const std::string& why);
  static void mended(Lane& lane);
  static bool lane_ready(Lane& lane);

  Lane vouched_;
  Lane unauthenticated_;
};

}  // namespace sallyport::api::audit
