#include "gateway/admission.h"

namespace sallyport::gateway {

namespace {

Admission ask(const View& view, std::size_t listener, const base::IpAddress& source,
              std::shared_ptr<const model::Cluster> cluster) {
  const auto& arrival = view.listeners[listener].arrival;
  if (!arrival) return {.cluster = std::move(cluster), .admitted = false, .refusal = Refusal::kForeignVpc};
  const policy::Decision decision = policy::decide(*view.snapshot, *cluster, *arrival, source);
  return {.cluster = std::move(cluster), .admitted = decision.allow, .refusal = refusal_of(decision.reason)};
}

}  // namespace

bool admitted_anywhere(const View& view, std::size_t listener, const base::IpAddress& source) {
  return view.listeners[listener].admitted.contains(source) ||
         (view.closing != nullptr && admitted_anywhere(*view.closing, listener, source));
}

Admission admit(const View& view, std::size_t listener, const base::IpAddress& source, std::string_view server_name) {
  Admission admission{.cluster = {}, .admitted = false, .refusal = Refusal::kUnknownSni};
  if (const model::Cluster* named = view.snapshot->find_host(server_name)) {
    admission = ask(view, listener, source, view.snapshot->clusters.at(named->name));
  }
  if (admission.admitted || view.closing == nullptr) return admission;
  Admission still = admit(*view.closing, listener, source, server_name);
  return still.admitted ? still : admission;
}

Admission readmit(const View& view, std::size_t listener, const base::IpAddress& source,
                  const model::Cluster& cluster) {
  const auto found = view.snapshot->clusters.find(cluster.name);
  if (found == view.snapshot->clusters.end() || found->second->endpoint_id != cluster.endpoint_id) {
    return {.cluster = {}, .admitted = false, .refusal = Refusal::kClusterNotServing};
  }
  return ask(view, listener, source, found->second);
}

}  // namespace sallyport::gateway
