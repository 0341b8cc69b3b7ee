#include "api/eks/eks_errors.h"

#include <spdlog/spdlog.h>

#include "api/errors.h"
#include "wire/json_value.h"

namespace sallyport::api::eks {

namespace {

using base::ErrorKind;

struct Shape {
  int status;
  std::string_view type;
};

Shape shape_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidParameter: return {400, "InvalidParameterException"};
    case ErrorKind::kInvalidRequest: return {400, "InvalidRequestException"};
    case ErrorKind::kNotFound: return {404, "ResourceNotFoundException"};
    case ErrorKind::kInUse: return {409, "ResourceInUseException"};
    case ErrorKind::kLimitExceeded: return {400, "ResourceLimitExceededException"};
    case ErrorKind::kUnauthenticated: return {403, "UnrecognizedClientException"};
    case ErrorKind::kAccessDenied: return {403, "AccessDeniedException"};
    case ErrorKind::kUnavailable: return {503, "ServiceUnavailableException"};
    case ErrorKind::kConflict: return {503, "ServiceUnavailableException"};
    case ErrorKind::kCorrupt:
    case ErrorKind::kInternal: break;
  }
  return {500, "ServerException"};
}

Shape tag_shape_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidParameter:
    case ErrorKind::kInvalidRequest:
    case ErrorKind::kLimitExceeded: return {400, "BadRequestException"};
    case ErrorKind::kNotFound: return {404, "NotFoundException"};
    default: return shape_of(kind);
  }
}

HttpResponse respond(Shape shape, std::string_view message, std::string_view cluster = {}) {
  std::vector<std::pair<std::string, std::string>> extra;
  if (!cluster.empty()) extra.emplace_back("clusterName", wire::shortened(cluster, 100));
  return rest_json_error(shape.status, shape.type, wire::valid_utf8(message), extra);
}

HttpResponse refuse(Shape shape, const base::Error& error, std::string_view cluster, std::string_view request_id) {
  if (shape.status == 500) {
    spdlog::error("request {}: {}: {}", request_id, base::to_string(error.kind), error.message);
    return respond(shape, "Internal error; the server's log names the cause under request " + std::string(request_id),
                   cluster);
  }
  if (error.kind == ErrorKind::kConflict) {
    return respond(shape, "Another change was made at the same time and this one was not; send it again", cluster);
  }
  return respond(shape, error.message, cluster);
}

}  // namespace

HttpResponse cluster_error(const base::Error& error, std::string_view cluster, std::string_view request_id) {
  return refuse(shape_of(error.kind), error, cluster, request_id);
}

HttpResponse request_error(const base::Error& error, std::string_view cluster) {
  if (error.kind == ErrorKind::kCorrupt) return respond({400, "SerializationException"}, error.message, cluster);
  return respond(shape_of(error.kind), error.message, cluster);
}

HttpResponse tag_error(const base::Error& error, std::string_view request_id) {
  return refuse(tag_shape_of(error.kind), error, {}, request_id);
}

HttpResponse tag_request_error(const base::Error& error) {
  if (error.kind == ErrorKind::kCorrupt) return respond({400, "SerializationException"}, error.message);
  return respond(tag_shape_of(error.kind), error.message);
}

HttpResponse no_such_cluster(std::string_view name) {
  return respond({404, "ResourceNotFoundException"}, "No cluster found for name: " + wire::shortened(name, 256) + ".",
                 name);
}

HttpResponse unknown_operation(std::string_view operation, std::string_view method, std::string_view path) {
  const std::string call = std::string(method) + " " + wire::shortened(path, 256);
  if (operation.empty()) {
    return respond({404, "UnknownOperationException"}, call + " is not an operation of the Amazon EKS API");
  }
  return respond({404, "UnknownOperationException"},
                 "Sallyport does not serve the Amazon EKS operation " + std::string(operation) + " (" + call + ")");
}

}  // namespace sallyport::api::eks
