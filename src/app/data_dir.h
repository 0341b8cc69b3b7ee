#pragma once

#include <string>

#include "base/descriptor.h"
#include "base/result.h"

namespace sallyport::app {

// What a data folder holds, by path.
struct DataPaths {
  std::string root;

  std::string credentials() const { return root + "/credentials"; }
  std::string seal_key() const { return root + "/secrets.key"; }
  std::string database() const { return root + "/sallyport.db"; }
  std::string control_socket() const { return root + "/control.sock"; }
  std::string endpoint_record() const { return root + "/endpoint.json"; }
  std::string webhooks() const { return root + "/webhooks"; }
  std::string audit() const { return root + "/audit"; }
  std::string handover_socket() const { return root + "/handover.sock"; }
  std::string lock() const { return root + "/lock"; }
};

// Makes the folder (mode 0700) where it is missing and locks it against a second process until the result is
// destroyed; the lock dies with the process. Fails, naming the folder and the remedy, when it belongs to another
// user, others may write to it, or another process holds it.
base::Result<base::Descriptor> take_data_dir(const DataPaths& paths);

// Writes into a lock that is held who holds it, for messages of others.
base::Status sign_lock(const DataPaths& paths, const base::Descriptor& lock);

// --data-dir if given, else $SALLYPORT_DATA_DIR, else /var/lib/sallyport.
std::string chosen_data_dir(const std::string& option);

// A path that names the same Unix socket and fits sockaddr_un (107 bytes): `path` itself, or one through
// /proc/self/fd while this object lives.
class SocketPath {
 public:
  static base::Result<SocketPath> of(const std::string& path);
  const std::string& str() const { return path_; }

 private:
  base::Descriptor folder_;
  std::string path_;
};

}  // namespace sallyport::app
