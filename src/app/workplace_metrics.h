#pragma once

#include <string>

#include "base/time.h"
#include "workplace/workplace.h"

namespace sallyport::app {

// Prometheus text format 0.0.4. Pure.
std::string workplace_metrics_text(const workplace::WorkplaceStats& stats, base::Time started_at);

}  // namespace sallyport::app
