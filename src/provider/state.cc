#include "provider/state.h"

#include <charconv>
#include <system_error>
#include <utility>

#include "wire/json_parse.h"
#include "wire/json_value.h"

namespace sallyport::provider {

namespace {

using base::ErrorKind;
using base::fail;
using wire::Json;
using wire::JsonObject;

// Reads members of a record that this program wrote; remembers the first that is not as written.
class Record {
 public:
  explicit Record(const JsonObject* object) : object_(object) {}

  std::string text(std::string_view name) {
    const Json* found = find(name);
    const std::string* value = found == nullptr ? nullptr : found->as_string();
    return value != nullptr ? *value : wrong<std::string>(name);
  }

  bool flag(std::string_view name) {
    const Json* found = find(name);
    const bool* value = found == nullptr ? nullptr : found->as_bool();
    return value != nullptr ? *value : wrong<bool>(name);
  }

  template <class Int>
  Int number(std::string_view name) {
    const Json* found = find(name);
    const wire::JsonNumber* value = found == nullptr ? nullptr : found->as_number();
    if (value == nullptr) return wrong<Int>(name);
    const std::string& digits = value->literal;
    Int parsed = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parsed);
    if (error != std::errc() || end != digits.data() + digits.size() || parsed < 0) return wrong<Int>(name);
    return parsed;
  }

  std::vector<std::string> texts(std::string_view name) {
    const Json* found = find(name);
    const wire::JsonArray* array = found == nullptr ? nullptr : found->as_array();
    if (array == nullptr) return wrong<std::vector<std::string>>(name);
    std::vector<std::string> values;
    for (const Json& element : *array) {
      const std::string* value = element.as_string();
      if (value == nullptr) return wrong<std::vector<std::string>>(name);
      values.push_back(*value);
    }
    return values;
  }

  Record record(std::string_view name) {
    const Json* found = find(name);
    const JsonObject* value = found == nullptr ? nullptr : found->as_object();
    return Record(value != nullptr ? value : wrong<const JsonObject*>(name));
  }

  template <class T>
  T wrong(std::string_view name) {
    if (wrong_.empty()) wrong_ = name;
    return T{};
  }
  const std::string& what_is_wrong() const { return wrong_; }

 private:
  const Json* find(std::string_view name) const {
    if (object_ == nullptr) return nullptr;
    for (const wire::JsonMember& member : *object_)
      if (member.name == name) return &member.value;
    return nullptr;
  }

  const JsonObject* object_;
  std::string wrong_;
};

Json number(std::uint64_t value) { return Json::number(value); }

Json to_json(const ProcessStatus& status) {
  return JsonObject{{"pid", number(static_cast<std::uint64_t>(status.pid))},
                    {"revision", status.revision},
                    {"starts", number(status.starts)},
                    {"lastEnd", status.last_end}};
}

ProcessStatus process_of(Record from, Record& within, std::string_view name) {
  ProcessStatus status;
  status.pid = from.number<pid_t>("pid");
  status.revision = from.text("revision");
  status.starts = from.number<std::uint64_t>("starts");
  status.last_end = from.text("lastEnd");
  if (!from.what_is_wrong().empty()) within.wrong<int>(name);
  return status;
}

}  // namespace

std::string render_state(const ClusterState& state) {
  return to_text(JsonObject{
      {"clusterId", state.id.str()},
      {"cluster", state.cluster.str()},
      {"endpoint", state.endpoint},
      {"version", state.version.to_string()},
      {"serviceIpv4Cidr", state.service_cidr},
      {"sans", wire::JsonArray(state.sans.begin(), state.sans.end())},
      {"address", state.address.to_string()},
      {"apiPort", number(state.ports.api)},
      {"etcdClientPort", number(state.ports.etcd_client)},
      {"etcdPeerPort", number(state.ports.etcd_peer)},
      {"kubeApiserver", state.kube_apiserver},
      {"etcd", state.etcd},
      {"binaryVersion", state.binary_version.to_string()},
      {"webhooks", state.webhooks},
      {"wasReady", state.was_ready},
  });
}

base::Result<ClusterState> parse_state(std::string_view text) {
  const auto json = wire::parse_json(text);
  if (!json) return fail(ErrorKind::kCorrupt, json.error().message);
  Record record(json->as_object());
  ClusterState state;
  state.id = model::EndpointId(record.text("clusterId"));
  state.cluster = model::ClusterName(record.text("cluster"));
  state.endpoint = record.text("endpoint");
  const auto version = KubernetesVersion::parse(record.text("version"));
  state.version = version ? *version : record.wrong<KubernetesVersion>("version");
  state.service_cidr = record.text("serviceIpv4Cidr");
  state.sans = record.texts("sans");
  const auto address = base::IpAddress::parse(record.text("address"));
  state.address = address ? *address : record.wrong<base::IpAddress>("address");
  state.ports.api = record.number<std::uint16_t>("apiPort");
  state.ports.etcd_client = record.number<std::uint16_t>("etcdClientPort");
  state.ports.etcd_peer = record.number<std::uint16_t>("etcdPeerPort");
  state.kube_apiserver = record.text("kubeApiserver");
  state.etcd = record.text("etcd");
  const auto binary_version = KubernetesVersion::parse(record.text("binaryVersion"));
  state.binary_version = binary_version ? *binary_version : record.wrong<KubernetesVersion>("binaryVersion");
  state.webhooks = record.flag("webhooks");
  state.was_ready = record.flag("wasReady");
  if (!record.what_is_wrong().empty()) {
    return fail(ErrorKind::kCorrupt, "\"" + record.what_is_wrong() + "\" is missing or not as written");
  }
  return state;
}

std::string render_status(const SupervisorStatus& status) {
  return to_text(JsonObject{{"supervisor", number(static_cast<std::uint64_t>(status.supervisor))},
                            {"etcd", to_json(status.etcd)},
                            {"kubeApiserver", to_json(status.api_server)}});
}

base::Result<SupervisorStatus> parse_status(std::string_view text) {
  const auto json = wire::parse_json(text);
  if (!json) return fail(ErrorKind::kCorrupt, json.error().message);
  Record record(json->as_object());
  SupervisorStatus status;
  status.supervisor = record.number<pid_t>("supervisor");
  status.etcd = process_of(record.record("etcd"), record, "etcd");
  status.api_server = process_of(record.record("kubeApiserver"), record, "kubeApiserver");
  if (!record.what_is_wrong().empty()) {
    return fail(ErrorKind::kCorrupt, "\"" + record.what_is_wrong() + "\" is missing or not as written");
  }
  return status;
}

}  // namespace sallyport::provider
