#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

// Entities as JSON text (RFC 8259), the form every backend stores; times in milliseconds since the epoch, blocks
// and addresses in their text form. Decoding is strict: another format version, a missing or unknown member, a
// wrong type, a fraction for a whole number or an unknown enumerator is kCorrupt, naming the path, such as
// "cluster.access.publicAccess". Texts are to be UTF-8: what decodes again is for the caller to check.
namespace sallyport::store {

// `T` is any kind of store::Entity.
template <class T>
std::string encode(const T& entity);

template <class T>
base::Result<T> decode(std::string_view text);

}  // namespace sallyport::store
