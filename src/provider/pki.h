#pragma once

#include "base/result.h"
#include "base/time.h"
#include "provider/layout.h"
#include "provider/state.h"

// All keys and certificates of a cluster, in Layout::pki(), and the administrator's kubeconfig that holds one of them.
//
// Three authorities of their own: the cluster's, whose clients are users of the API server; etcd's, whose clients may
// read and write every object; and the front proxy's, whose clients may speak for any user. None vouches for another's.
namespace sallyport::provider {

// Makes what is missing and issues anew what is no longer current (is_current): another name to serve, two thirds of
// a certificate's life. Keys stay, so that a certificate and its key on disk always match; etcd and kube-apiserver
// take up new certificates without a restart. Fails with kCorrupt, naming the file, rather than replace an authority
// whose key is lost: every client that trusts it would have to be told.
base::Status ensure_pki(const ClusterState& state, const Layout& layout, base::Time now);

}  // namespace sallyport::provider
