#include "app/terminals.h"

#include <utility>

#include "api/audit/workplace_record.h"

namespace sallyport::app {

base::Result<std::unique_ptr<Terminals>> Terminals::make(const Config& config, const api::workplace::Register& now,
                                                         api::audit::AuditLog& audit, base::Entropy& entropy) {
  const WorkplaceHostConfig& host = *config.workplace;
  auto client = api::workplace::HostClient::make(
      {.tls = host.tls, .host = host.host, .port = host.port, .ca_file = host.ca_file, .secret = host.secret});
  if (!client) return base::fail(client.error().kind, "[workplace] ca_file: " + client.error().message, "ca_file");
  return std::unique_ptr<Terminals>(new Terminals(*std::move(client), config, now, audit, entropy));
}

Terminals::Terminals(std::unique_ptr<api::workplace::HostClient> host, const Config& config,
                     const api::workplace::Register& now, api::audit::AuditLog& audit, base::Entropy& entropy)
    : host_(std::move(host)),
      gate_(
          *host_, tickets_, {.check_pause = config.workplace->check_time},
          [now](const api::workplace::Pass& pass) { return standing_of(pass, now); },
          [now, &audit, &entropy](const api::workplace::Closed& closed) {
            const std::string event_id = base::random_uuid(entropy);
            audit.record(api::audit::entry_of(api::audit::TerminalEnd{.ended_at = now.clock.now(),
                                                                      .account = now.account,
                                                                      .region = now.region,
                                                                      .event_id = event_id,
                                                                      .closed = closed}));
          }) {}

}  // namespace sallyport::app
