#pragma once

#include "api/handler.h"
#include "api/workplace/host.h"
#include "api/workplace/tickets.h"
#include "base/entropy.h"
#include "control/control_plane.h"
#include "iam/seal.h"

namespace sallyport::api::workplace {

// Where terminals come from, and the tickets to them.
struct Workplace {
  Host& host;
  Tickets& tickets;
};

// What OpenWorkplace works with; all outlive the call. `workplace` is null where none is configured.
struct Opening {
  const control::ControlPlane& control;
  const iam::Sealer& sealer;
  const base::Clock& clock;
  base::Entropy& entropy;
  const model::Region& region;
  Workplace* workplace;
};

// OpenWorkplace: makes temporary credentials of the caller, asks the host for a shell that has them, and answers with
// the ticket that opens its terminal. Blocks while the host is asked.
HttpResponse open_workplace(const Call& call, const model::ClusterName& cluster, const Opening& opening);

}  // namespace sallyport::api::workplace
