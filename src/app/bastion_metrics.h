#pragma once

#include <string>

#include "base/time.h"
#include "bastion/bastion.h"

namespace sallyport::app {

// As metrics_text, of a bastion. Pure.
std::string bastion_metrics_text(const bastion::BastionStats& stats, base::Time started_at);

}  // namespace sallyport::app
