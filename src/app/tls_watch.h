#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace sallyport::app {

// Looks at certificate files now and then, and has their server read them again once one has changed. What a server
// refuses is logged, and it goes on with what it had until the files change again.
class TlsWatch {
 public:
  struct Server {
    std::string name;                        // "api", for the log
    std::vector<std::string> files;          // certificate and key
    std::function<base::Status()> reload;    // on the watch's thread
    std::function<void()> before = nullptr;  // may renew the files; before each look
  };

  // The files are as the servers have them now. The first look is after `pause`.
  TlsWatch(std::vector<Server> servers, base::Millis pause);
  ~TlsWatch();
  TlsWatch(const TlsWatch&) = delete;
  TlsWatch& operator=(const TlsWatch&) = delete;

  // Has it look without delay. Any thread.
  void look_soon();

 private:
  void run();
  void look();

  std::vector<Server> servers_;
  std::vector<std::string> seen_;      // what each server's files were at the last look
  std::vector<std::string> failures_;  // why each server could not load them then; empty where it did
  const base::Millis pause_;
  std::mutex mutex_;
  std::condition_variable rung_;
  bool soon_ = false;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace sallyport::app
