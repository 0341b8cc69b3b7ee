#pragma once

#include "api/handler.h"
#include "base/entropy.h"
#include "base/time.h"
#include "control/control_plane.h"
#include "iam/seal.h"

namespace sallyport::api::sts {

// What AssumeRole works with; all outlive the call.
struct Granting {
  const control::ControlPlane& control;
  const iam::Sealer& sealer;
  const base::Clock& clock;
  base::Entropy& entropy;
  const model::AccountId& account;
  const model::Region& region;
};

// AssumeRole: temporary credentials of a role, where iam::may_assume allows it. Refuses session policies and session
// tags, which Sallyport does not have, by name.
HttpResponse assume_role(const Call& call, const Granting& granting);

}  // namespace sallyport::api::sts
