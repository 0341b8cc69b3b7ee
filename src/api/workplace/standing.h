#pragma once

#include <functional>
#include <optional>

#include "api/workplace/tickets.h"
#include "base/time.h"
#include "control/control_plane.h"
#include "iam/credentials.h"
#include "iam/seal.h"
#include "model/ids.h"

namespace sallyport::api::workplace {

// Whether who opened a terminal may have it still.
enum class Standing { kGood, kKeyGone, kNotAllowed, kClusterGone };

// Asked while a terminal is open; nothing where it cannot be told at the moment. Any thread; does not block.
using Look = std::function<std::optional<Standing>(const Pass& pass)>;

// What it is found by; all outlive the call.
struct Register {
  const control::ControlPlane& control;
  const iam::CredentialStore& credentials;  // of root
  const iam::Sealer& sealer;
  const base::Clock& clock;
  const model::AccountId& account;
  const model::Region& region;
};

// As policies, keys and clusters are now, for the request that opened the terminal: whether its cluster is there, the
// credentials in the shell, and with them the key that asked for them, are good, and its OpenWorkplace would be
// allowed.
std::optional<Standing> standing_of(const Pass& pass, const Register& now);

}  // namespace sallyport::api::workplace
