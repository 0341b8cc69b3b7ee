#pragma once

#include "provider/state.h"

namespace sallyport::provider {

// A cluster as create writes it down.
inline ClusterState sample_state() {
  ClusterState state;
  state.id = model::EndpointId("0123456789ABCDEF0123456789ABCDEF");
  state.cluster = model::ClusterName("demo");
  state.endpoint = "demo.gr1.us-east-1.eks.sallyport.internal";
  state.version = {1, 34};
  state.service_cidr = "10.100.0.0/16";
  state.sans = {"192.0.2.7", "api.example.com"};
  state.address = base::IpAddress::v4(0x7f000001);
  state.ports = {21000, 21001, 21002};
  state.kube_apiserver = "/usr/bin/kube-apiserver";
  state.etcd = "/usr/bin/etcd";
  state.binary_version = state.version;
  return state;
}

}  // namespace sallyport::provider
