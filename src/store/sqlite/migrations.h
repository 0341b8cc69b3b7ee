#pragma once

#include <span>

namespace sallyport::store::sqlite {

// SQL that takes a file from version i, its place, to version i + 1.
using Migrations = std::span<const char* const>;

// Those of this version of Sallyport.
Migrations migrations();

}  // namespace sallyport::store::sqlite
