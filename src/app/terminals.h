#pragma once

#include <memory>

#include "api/audit/audit_log.h"
#include "api/workplace/host_client.h"
#include "api/workplace/open_workplace.h"
#include "api/workplace/standing.h"
#include "api/workplace/terminal_gate.h"
#include "api/workplace/tickets.h"
#include "app/config.h"
#include "base/entropy.h"

namespace sallyport::app {

// What the API has of a workplace: the way to its host, the tickets, and the gate that browsers come through.
class Terminals {
 public:
  // Fails, naming the key, when the host's certificates cannot be checked. What is passed, and what `now` refers to,
  // outlives it.
  static base::Result<std::unique_ptr<Terminals>> make(const Config& config, const api::workplace::Register& now,
                                                       api::audit::AuditLog& audit, base::Entropy& entropy);

  api::workplace::Workplace& workplace() { return workplace_; }
  api::UpgradeHandler& gate() { return gate_; }
  api::workplace::GateStats stats() const { return gate_.stats(); }
  // No more are opened.
  void close() { tickets_.close(); }

 private:
  Terminals(std::unique_ptr<api::workplace::HostClient> host, const Config& config, const api::workplace::Register& now,
            api::audit::AuditLog& audit, base::Entropy& entropy);

  std::unique_ptr<api::workplace::HostClient> host_;
  api::workplace::Tickets tickets_;
  api::workplace::Workplace workplace_{*host_, tickets_};
  api::workplace::TerminalGate gate_;
};

}  // namespace sallyport::app
