#pragma once

#include <string>

#include "iam/seal.h"
#include "iam/session.h"

namespace sallyport::api::sts {

// <Credentials> of an answer, with the session's token made. Holds secrets.
std::string credentials_xml(const iam::Session& session, const iam::Sealer& sealer);

}  // namespace sallyport::api::sts
