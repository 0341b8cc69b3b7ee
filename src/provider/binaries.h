#pragma once

#include <string>

#include "base/result.h"
#include "provider/kubernetes_version.h"
#include "provider/options.h"

namespace sallyport::provider {

// Absolute paths of the programs of a cluster.
struct Binaries {
  std::string etcd;
  std::string kube_apiserver;
  KubernetesVersion version;  // of kube-apiserver
};

// By the options, else on PATH, else for kube-apiserver in /usr/lib/sallyport/kubernetes/VERSION. The first
// kube-apiserver that says it is of that minor version is taken; with `any_version` the first that there is. Fails with
// kNotFound, naming what was found and the remedy.
base::Result<Binaries> find_binaries(const Options& options, const KubernetesVersion& version);

}  // namespace sallyport::provider
