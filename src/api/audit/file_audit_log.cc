#include "api/audit/file_audit_log.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include "base/limits.h"

namespace sallyport::api::audit {

namespace {

FileSetConfig of_unauthenticated(const FileAuditLogConfig& config) {
  FileSetConfig own = config.records;
  own.folder = unauthenticated_folder(own.folder);
  own.keep_bytes = config.keep_unauthenticated_bytes;
  own.max_file_bytes = std::min(own.max_file_bytes, own.keep_bytes / 2);
  return own;
}

}  // namespace

FileAuditLog::FileAuditLog(const FileAuditLogConfig& config, const base::Clock& clock)
    : vouched_(config.records, clock), unauthenticated_(of_unauthenticated(config), clock) {
  ready();
}

base::Status FileAuditLog::write(Lane& lane, const Entry& entry) {
  auto written = lane.files.append(entry.line);
  if (written) ++lane.stats.records[entry.result];
  return written;
}

void FileAuditLog::failed(Lane& lane, const std::string& why) {
  ++lane.stats.write_failures;
  if (!lane.failure) {
    spdlog::error("audit log: {}; changes are refused until records can be written, reads and enforcement go on", why);
  }
  lane.failure = why;
}

void FileAuditLog::mended(Lane& lane) {
  if (!std::exchange(lane.failure, std::nullopt)) return;
  spdlog::info("audit log: {} is written again; {} records are lost since start", lane.files.config().folder,
               lane.stats.lost);
}

void FileAuditLog::write_waiting(Lane& lane) {
  while (!lane.waiting.empty()) {
    if (const auto written = write(lane, lane.waiting.front()); !written) return failed(lane, written.error().message);
    lane.waiting_bytes -= lane.waiting.front().line.size();
    lane.waiting.pop_front();
  }
  if (const auto opened = lane.files.open(); !opened) return failed(lane, opened.error().message);
  mended(lane);
}

bool FileAuditLog::lane_ready(Lane& lane) {
  const std::lock_guard lock(lane.mutex);
  write_waiting(lane);
  return !lane.failure;
}

bool FileAuditLog::ready() {
  const bool vouched = lane_ready(vouched_);
  return lane_ready(unauthenticated_) && vouched;
}

void FileAuditLog::record(Entry entry) {
  Lane& lane = entry.result == Result::kUnauthenticated ? unauthenticated_ : vouched_;
  std::shared_ptr<const base::Descriptor> to_sync;
  {
    const std::lock_guard lock(lane.mutex);
    if (lane.failure) write_waiting(lane);
    if (lane.waiting.empty()) {
      const auto written = write(lane, entry);
      if (written) {
        mended(lane);
        if (!entry.change) return;
        to_sync = lane.files.file();
      } else {
        failed(lane, written.error().message);
      }
    }
    if (!to_sync) {
      if (lane.waiting_bytes + entry.line.size() > base::limits::kAuditWaitingBytes) {
        ++lane.stats.lost;
        return;
      }
      lane.waiting_bytes += entry.line.size();
      lane.waiting.push_back(std::move(entry));
      return;
    }
  }
  if (::fdatasync(to_sync->get()) == 0) return;
  const std::string why = std::error_code(errno, std::generic_category()).message();
  const std::lock_guard lock(lane.mutex);
  // After that the kernel may have dropped what it could not write: only another file tells whether writing works.
  lane.files.abandon();
  failed(lane, lane.files.config().folder + " cannot be synced: " + why);
}

AuditStats FileAuditLog::stats() const {
  AuditStats sum;
  for (const Lane* lane : {&vouched_, &unauthenticated_}) {
    const std::lock_guard lock(lane->mutex);
    for (const auto& [result, count] : lane->stats.records)
      sum.records[result] += count;
    sum.write_failures += lane->stats.write_failures;
    sum.lost += lane->stats.lost;
    sum.waiting += lane->waiting.size();
    sum.failing = sum.failing || lane->failure.has_value();
  }
  return sum;
}

}  // namespace sallyport::api::audit
