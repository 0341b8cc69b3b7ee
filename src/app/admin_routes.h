#pragma once

#include <functional>
#include <string>

#include "api/http.h"
#include "api/insight/sight.h"
#include "app/views.h"
#include "app/webhooks.h"
#include "control/control_plane.h"
#include "gateway/gateway.h"

namespace sallyport::app {

// What the operator's commands may ask a running Sallyport: read only.
struct AdminSources {
  const control::ControlPlane& control;
  const gateway::Gateway* gateway = nullptr;  // null where none is configured
  std::function<StatusFacts()> status;
  api::insight::Sight sight;
  const Webhooks* webhooks = nullptr;  // null where none are configured
};

// Answers the operator's socket, DATA_DIR/control.sock, in JSON; errors are {"error": "…"} with 400, 404 or 405.
//   GET /v1/status
//   GET /v1/explain?cluster=NAME&source=IP[&vpc=ID]
//   GET /v1/traffic?cluster=NAME        who was admitted and who was denied
//   GET /v1/zones[?cluster=NAME]        private hosted zones
//   GET /v1/clusters/NAME               the cluster, its live connections and its last 20 updates
//   GET /v1/clusters/NAME/updates/ID
//   POST /v1/clusters/NAME/preview-update   what an update of endpoint access would do; the body is
//   UpdateClusterConfig's GET /v1/clusters/NAME/webhooks      how its API servers reach the webhooks; holds a secret
// Thread-safe when `sources.status` is.
api::HttpResponse answer_admin(const AdminSources& sources, const api::HttpRequest& request);

}  // namespace sallyport::app
