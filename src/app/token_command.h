#pragma once

#include <string>

namespace sallyport::app {

// `sallyport token`: prints an ExecCredential for a cluster's kubeconfig, as `aws eks get-token` does. Asks nobody.
int token_command(const std::string& cluster);

}  // namespace sallyport::app
